"""The transport that REST sources, buckets and the secret store share."""
