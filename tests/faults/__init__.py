"""Faults under load on real servers: what was acknowledged is counted against what came of it."""
