"""What an identity provider wishes, and what follows from it."""
