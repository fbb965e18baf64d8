"""The demo's data, put into each source in the condition asked for."""
