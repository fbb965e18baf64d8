"""What Acme's systems promised."""
