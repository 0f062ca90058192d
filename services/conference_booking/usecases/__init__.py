"""What people and systems can do with conferences."""
