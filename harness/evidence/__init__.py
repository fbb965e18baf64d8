"""The evidence of a ledger as a folder that anyone can check."""
