"""What is deployed fits the code: manifests and compose file against settings, commands, probes and flows."""
