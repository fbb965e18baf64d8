"""The evidence bundle: what a ledger holds of one pilot, for people who do not trust us."""
