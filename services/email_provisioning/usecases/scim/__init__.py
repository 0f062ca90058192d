"""What identity providers wish, stored first and then fulfilled by the same commands that people give."""
