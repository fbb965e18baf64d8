"""Checks a bundle's folder without trusting who made it.

Stdlib, `cryptography` and the pure files of `harness.signing` alone: this room is `verify.pyz`.
Nothing is parsed before its digest is verified, and no size is taken on trust.
"""
