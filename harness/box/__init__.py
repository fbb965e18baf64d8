"""Processes in which untrusted bytes meet native code: confined, and ended without harm.

    this process ─ starts once ─▶ a clean helper ─ forks ─▶ one child for each task

It knows nothing of sources: a task and what is told of it are bytes.
"""
