"""One-stop shop: from a citizen's application to the returned result, under the legal clock.

Owns: procedures (versioned), applications with their components, deadlines, fees, forms, results and ratings.
Offers: the operations of `shared.contracts.one_stop_shop.operations`: catalogue, drafts, applications, payments,
    work queues, follow-up by code, registers, indicators; on the bus only, messages to
    applicants as they are to be sent.
Announces: the events of `shared.contracts.one_stop_shop`, of the aggregates `application` and `procedure`;
    `message_requested`, for applicants who agreed to be written to.
Listens to: the directory's agencies and officers, of which it keeps copies; official documents; its own application
    events, for notices to applicants and for the parts of inter-agency bundles.
"""
