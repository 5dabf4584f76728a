"""Labelled datasets: runs measured against labels and masks, and the papers' tables."""
