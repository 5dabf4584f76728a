"""Asking how to scan, and watching it."""
