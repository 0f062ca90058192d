"""What every part shares: contracts, errors, settings, messaging and evidence; it imports neither services nor gateway."""
