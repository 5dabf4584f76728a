"""Photos and maps made ready to be painted, off the GUI thread."""
