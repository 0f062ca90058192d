"""The rules of the one-stop shop as plain Python: no clock on the wall, no database, no bus."""
