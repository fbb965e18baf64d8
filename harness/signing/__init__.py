"""Signatures over what was proven, and who may give them.

`ed25519`, `dsse`, `note`, `tree`, `register` and `signer` are pure. They need the standard library
and `cryptography` alone, because `verify.pyz` contains them.
"""
