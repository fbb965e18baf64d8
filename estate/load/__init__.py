"""Loads the demo's data into each source, in the given condition."""
