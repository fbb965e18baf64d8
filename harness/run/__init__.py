"""One run: read, land, evaluate, judge, record."""
