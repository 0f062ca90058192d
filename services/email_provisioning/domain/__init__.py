"""The rules of the directory, as plain Python."""
