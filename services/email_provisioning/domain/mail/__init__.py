"""The rules of official mailboxes (D 4): addresses, life cycle, quotas, what a mail host should do."""
