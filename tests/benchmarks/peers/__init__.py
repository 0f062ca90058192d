"""The systems the platform is measured against, doing the same work in their usual way."""
