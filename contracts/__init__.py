"""What was promised: one contract per dataset, and how landed rows are held against it."""
