"""The way in: init, draft, doctor, grants, profile, demo."""
