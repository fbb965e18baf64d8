"""Acme's engagement: which customers will come back."""
