"""What a user writes: sources, contracts and settings. The plan is computed from them."""
