"""Conference booking."""
