"""The demonstration: people, papers and one application played from submission to return."""
