"""Document routing: agencies exchange official documents, numbered, signed, tracked, recallable.

Owns: outgoing documents, incoming documents, number series, registers, statuses and deliveries, connections.
Offers: the operations of `shared.contracts.document_routing`.
Announces: the events of `shared.contracts.document_routing.events`.
Listens to: its own documents and arrivals, the directory's agencies.
"""
