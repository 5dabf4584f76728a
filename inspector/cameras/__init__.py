"""Cameras that take photos of parts into a watched folder, and what makes them take one."""
