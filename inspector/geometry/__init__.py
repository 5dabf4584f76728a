"""Changes of coordinates, each with its inverse: photo, square, tile, patch grid and map. No torch."""
