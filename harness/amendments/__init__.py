"""Amendments: what people sign of verdicts that are not PROVEN, with an end."""
