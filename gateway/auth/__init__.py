"""Who asks, and may they: bearer tokens of trusted issuers, the built-in issuer, and access declared per route."""
