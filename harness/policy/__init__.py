"""What was agreed before the first reading: promises, thresholds, evidence that must arrive."""
