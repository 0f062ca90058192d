"""SCIM resources in MongoDB: stored whole, and beside that in the form in which filters compare them."""
