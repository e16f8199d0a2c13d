"""The SQLite index: label search, queues, tallies. Derived from the stores and rebuildable."""
