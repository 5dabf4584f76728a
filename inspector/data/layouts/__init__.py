"""Folders of the public datasets, and plain ones, as batches: one file a layout, one line each in `LAYOUTS`."""

from inspector.data.layouts.folders import LAYOUTS, list_categories, read_batch

__all__ = ["LAYOUTS", "list_categories", "read_batch"]
