"""The triple stores: two Oxigraph datasets, named queries, snapshots, the public query pool."""
