"""The demo's engagement: its pilot, its owners, and what was planted in its sources."""
