"""Patch tokens from images and points, and their aggregation."""
