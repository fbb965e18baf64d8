"""Somebody is told: incidents from recorded verdicts, what is due to whom, and the ways there."""
