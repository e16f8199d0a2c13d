"""The journal: append-only patches (the truth), bulk files, and the account tables."""
