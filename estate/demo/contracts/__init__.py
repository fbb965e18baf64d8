"""The demo engagement's contracts, one dataset per file: what its five sources promised."""
