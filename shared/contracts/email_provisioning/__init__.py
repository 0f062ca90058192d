"""The border of the directory and the official mail: its events, requests, views and operations."""
