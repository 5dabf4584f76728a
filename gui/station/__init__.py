"""Whether this station is fit."""
