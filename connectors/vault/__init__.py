"""A secret store of the kind of HashiCorp Vault: values, leases, keys that sign."""
