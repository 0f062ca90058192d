"""What every part shares: contracts, errors, settings, messaging and evidence.

It imports neither services nor gateway.
"""
