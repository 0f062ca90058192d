"""E-mail provisioning: the directory that the whole platform copies.

Owns: agencies with their units, hierarchy and succession; officers with their dated posts.
Offers: the operations of `shared.contracts.email_provisioning.operations`: agencies, units, officers, imports.
Announces: the events of `shared.contracts.email_provisioning.events`, of the aggregates `agency` and `officer`.
Listens to: its own agency events, so that officers follow an agency that is closed or moved.
"""
