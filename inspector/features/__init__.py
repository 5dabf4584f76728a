"""Patch tokens from photos and points, and their aggregation."""
