"""A folder that happens to have the name of one of Seatrial's: nobody of ours may import it."""

raise ImportError("these are the user's contracts, not Seatrial's")
