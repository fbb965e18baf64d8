"""What `python -m bench extract` runs, each file a process of its own."""
