"""Use cases of mailboxes: asked for, changed by the rows of their table, read, and told to mail hosts."""
