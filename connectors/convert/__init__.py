"""Exact typing: equal values in the contract's types, or a rescued value."""
