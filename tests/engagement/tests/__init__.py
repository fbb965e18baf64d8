"""The user's own tests: nobody of ours may import them."""

raise ImportError("these are the user's tests, not Seatrial's")
