"""Rules and use cases: decide, and return a patch."""
