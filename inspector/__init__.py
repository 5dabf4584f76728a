"""Mutual inspector: finds the odd parts in a batch of unlabelled photos and point clouds.

Importing this package has no side effect and loads no torch; the heavy modules load when first used.
"""

__version__ = "0.1.0"
