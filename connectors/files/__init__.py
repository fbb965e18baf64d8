"""Files in folders, file drops and buckets."""
