"""Mutual scoring, re-scoring, maps and thresholds."""
