"""HTTP: parse, one domain call, respond."""
