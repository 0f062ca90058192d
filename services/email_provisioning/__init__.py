"""E-mail provisioning: the directory that the whole platform copies, and the official mailboxes.

Owns: agencies with their units, hierarchy and succession; officers with their dated posts; mailboxes with their
addresses and secrets, agencies' storage, what mail hosts should do and have done; outgoing messages.
Offers: the operations of `shared.contracts.email_provisioning.operations`: agencies, units, officers, imports,
mailboxes, outgoing messages; SCIM in one operation; and to mail hosts, on the bus only, those of `mail_host`.
Announces: the events of `shared.contracts.email_provisioning`, of the aggregates `agency`, `officer`, `mailbox`,
`message`.
Listens to: its own events, so that officers follow an agency that is closed or moved, and mailboxes their officers;
`message_requested` of any service that wants a message sent, whose words it then asks there.
"""
