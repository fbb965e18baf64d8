"""Where files lie: a store lists and fetches."""
