"""What is known to be wrong still, until it is mended."""

UNMENDED: frozenset[str] = frozenset()
"""Readers from which something still escapes."""
