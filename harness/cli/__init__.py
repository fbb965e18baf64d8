"""The commands of `seatrial`, one in each file: thin shells over functions of other modules."""
