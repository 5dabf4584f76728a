"""What is odd: thresholds, regions, and the calibration that carries them to other parts. No torch."""
