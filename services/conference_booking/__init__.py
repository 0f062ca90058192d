"""Conference booking: meetings over many endpoints without clashes, approved, changed, run.

Owns: meetings with their claims on endpoints and the bridge, day by day; endpoints; bridges; the rules of networks.
Offers: the operations of `shared.contracts.conference_booking`.
Announces: the events of `shared.contracts.conference_booking.events`.
Listens to: the directory's agencies and officers.
"""
