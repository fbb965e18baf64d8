"""What a person approved: baseline and reference profile."""
