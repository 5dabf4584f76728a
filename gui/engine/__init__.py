"""The engine as a process of its own."""
