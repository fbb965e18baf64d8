"""The commands of `seatrial`, one per file: thin shells around functions of other modules."""
