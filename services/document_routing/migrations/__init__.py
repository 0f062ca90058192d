"""What document routing has stored takes a new form: docs/how-to/change-what-is-stored.md."""
