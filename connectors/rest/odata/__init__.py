"""OData v4: entity sets as endpoints, and their description as a source keeps it."""
