"""Folders of the public datasets, and plain ones, as batches."""
