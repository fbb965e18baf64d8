"""What a user writes: sources, contracts, settings; and the plan that follows from them."""
