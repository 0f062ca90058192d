"""Conference booking: meetings over many endpoints without clashes, approved, changed, run.

Owns: meetings with their claims on endpoints and the bridge, day by day, and who is invited to them; endpoints;
    bridges; the rules of networks.
Offers: the operations of `shared.contracts.conference_booking`; on the bus only, invitations as they are to be sent,
    and a place to bring answers to.
Announces: the events of `shared.contracts.conference_booking.events`, and of `.invitations`; `message_requested`, for
    mailboxes that have to be told something.
Listens to: the directory's agencies and officers.
"""
