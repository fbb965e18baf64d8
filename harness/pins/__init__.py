"""What a person approved: the baseline and the reference profile."""
