"""The services; each is a container of its own, and none imports another."""
