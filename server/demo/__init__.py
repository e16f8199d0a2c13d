"""The sample collections, campaigns and contributions that a new visitor sees first."""
