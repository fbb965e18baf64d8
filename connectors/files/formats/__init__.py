"""How files are read: a format turns bytes into columns."""
