"""Document routing: agencies exchange official documents, numbered, signed, tracked, recallable.

Owns: outgoing documents, incoming documents, number series, registers, statuses and deliveries, connections; of the
    exchange: messages taken in, packages on their way, subscriptions and their webhooks, the message log, evidence.
Offers: the operations of `shared.contracts.document_routing`.
Announces: the events of `shared.contracts.document_routing.events` and `exchange_events`.
Listens to: its own documents, arrivals, messages and packages, the directory's agencies and officers, applications,
    video conferences that invite by a document.
"""
