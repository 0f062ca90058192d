"""The one-stop shop's border: its events, requests, views and operations."""
