"""Backup of all databases at one moment, and its restore."""
