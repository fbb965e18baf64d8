"""APIs that answer JSON over HTTPS."""
