"""Bounds from few trials, and distances between distributions."""
