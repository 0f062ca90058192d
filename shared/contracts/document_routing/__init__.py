"""Everything of document routing that crosses its border."""
