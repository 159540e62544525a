"""`prescan serve`: the HTTP API `/v1` and the review desk. Offline, loopback unless there are accounts."""
