"""What was proven: facts, claims, verdicts, the ledger, and the run."""
