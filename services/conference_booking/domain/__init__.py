"""The rules of conference booking, as plain Python."""
