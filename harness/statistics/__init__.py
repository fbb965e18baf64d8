"""Honest numbers from few trials."""
