"""Point clouds: formats, depth images, background, pictures."""
