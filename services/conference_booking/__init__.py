"""Conference booking: meetings over many endpoints without clashes, approved, changed, run.

Owns: meetings with their claims on endpoints, technicians and the bridge, day by day; who is invited to them, and what
    comes when in them; endpoints; technicians and their training; bridges and the rooms on them; the rules of networks;
    what probes measured of lines; incidents.
Offers: the operations of `shared.contracts.conference_booking`; on the bus only, invitations as they are to be sent,
    and a place to bring answers to.
Announces: the events of `shared.contracts.conference_booking`; `message_requested`, for mailboxes that have to be told
    something.
Listens to: the directory's agencies and officers; outgoing documents, for the invitations among them.
"""
