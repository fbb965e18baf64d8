"""What was proven: facts, proofs, verdicts, the ledger, and the run that ties them together."""
