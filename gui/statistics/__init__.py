"""Statistics over runs, as a page of charts."""
