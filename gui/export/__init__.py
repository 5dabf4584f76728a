"""Handing a run over."""
