"""Weights of networks: the catalogue, files in any published form, and those that were imported. No pixels."""
