"""What the engine does as a whole: scan a batch, predict what a scan will take."""
