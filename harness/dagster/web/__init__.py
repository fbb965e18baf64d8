"""The web process of `seatrial ui`: Dagster's own, behind a door of ours."""
