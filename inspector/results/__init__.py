"""What a run leaves: store, metrics, pictures, exports."""
