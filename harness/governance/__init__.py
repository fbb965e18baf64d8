"""What people agree about the system, what the harness knows of it already, and what is missing.

pilot.yaml, contracts ─┐
facts of the ledger ───┼─▶ checklist: filled by facts, by people, or missing, and whose it is
governance: ───────────┘
"""
