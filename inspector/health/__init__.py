"""Whether a station is fit: machine, programs, weights and workspace looked at one by one, and a support archive."""
