"""CrowdHeritage: a linked-data server where the public enriches cultural-heritage metadata."""

__version__ = "0.1.0"
