"""What the one-stop shop does, one verb-named function per use case."""
