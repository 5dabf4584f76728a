"""The first screen and the list of runs."""
