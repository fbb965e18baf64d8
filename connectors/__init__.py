"""How to read: one connector per kind of source, all behind `connectors.connector`."""
