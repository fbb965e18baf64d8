"""One file, 55 rules, four ways to judge it. Each script has a process and a venv of its own.

Each prints, as JSON, the rows that failed by rule in its own words, and what it took after its
imports.
"""
