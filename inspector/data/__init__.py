"""Parts as files: what a batch is made of and how it is read."""
