"""`report.pdf` of a bundle: what `report.html` says, to be printed, signed and kept."""
