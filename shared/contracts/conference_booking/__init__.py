"""Everything of conference booking that crosses its border: requests, views, events, operations."""
