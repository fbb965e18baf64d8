"""Measurements against the floor and against peers; none of it belongs to the product."""
