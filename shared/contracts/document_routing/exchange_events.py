"""What document routing announces of the exchange: messages taken in, packages on their way out, subscriptions.

Payloads carry identifiers, codes and digests; what a message says stays in the message.
"""

from marshmallow import fields

from shared.contracts.base import Event, Payload
from shared.contracts.document_routing.events import OWNER


class MessagePayload(Payload):
    """What was taken in: from whom, about which document, of which kind, and the digest of the file."""

    agency = fields.String(required=True)
    kind = fields.String(required=True)
    business = fields.Integer(load_default=None, allow_none=True)
    status_code = fields.String(load_default="")
    exchange_id = fields.String(required=True)
    document = fields.String(required=True)
    digest = fields.String(required=True)
    signed_by = fields.String(load_default="")


class MessageAccepted(Event):
    """An agency's system, or another exchange, handed in a message that was found sound."""

    owner, aggregate, name, payload = OWNER, "message", "message_accepted", MessagePayload


class PackagePayload(Payload):
    """What every event of a package says: for whom, from whom, about which document, and how its transport stands."""

    agency = fields.String(required=True)
    sender = fields.String(required=True)
    kind = fields.String(required=True)
    business = fields.Integer(load_default=None, allow_none=True)
    status_code = fields.String(load_default="")
    exchange_id = fields.String(required=True)
    document = fields.String(required=True)
    state = fields.String(required=True)
    digest = fields.String(load_default="")


class PackagePrepared(Event):
    """Something has to reach an agency's own system, or another exchange; its file is being written."""

    owner, aggregate, name, payload = OWNER, "package", "package_prepared", PackagePayload


class PackageReady(Event):
    """The file is there: the receiver may fetch it, and is told where it wants to be told."""

    owner, aggregate, name, payload = OWNER, "package", "package_ready", PackagePayload


class PackageFetched(Event):
    """The receiver took the file for the first time; until it acknowledges, the package is offered again."""

    owner, aggregate, name, payload = OWNER, "package", "package_fetched", PackagePayload


class PackageAcknowledged(Event):
    """The receiver says that it has stored the package, or that it cannot."""

    class Payload(PackagePayload):
        """Adds the outcome: `done` or `fail`."""

        outcome = fields.String(required=True)

    owner, aggregate, name, payload = OWNER, "package", "package_acknowledged", Payload


class PackageWithdrawn(Event):
    """The sender took the document back before the receiver had fetched it: it is offered no more."""

    owner, aggregate, name, payload = OWNER, "package", "package_withdrawn", PackagePayload


class SubscriptionPayload(Payload):
    """What every event of a subscription says."""

    agency = fields.String(required=True)
    state = fields.String(required=True)


class SubscriptionCreated(Event):
    """An agency's system wants to be told of its packages."""

    owner, aggregate, name, payload, public = OWNER, "subscription", "subscription_created", SubscriptionPayload, True


class SubscriptionPaused(Event):
    """Nothing is pushed any more, until somebody resumes; `automatic` when nobody answered for too long: an alert."""

    class Payload(SubscriptionPayload):
        """Adds whether the platform did it by itself, and since when nobody answered."""

        automatic = fields.Boolean(required=True)
        failing_since = fields.AwareDateTime(format="iso", load_default=None, allow_none=True)

    owner, aggregate, name, payload, public = OWNER, "subscription", "subscription_paused", Payload, True


class SubscriptionResumed(Event):
    """What waited is pushed again."""

    owner, aggregate, name, payload, public = OWNER, "subscription", "subscription_resumed", SubscriptionPayload, True


class SubscriptionClosed(Event):
    """The agency's system wants to be told no more."""

    owner, aggregate, name, payload, public = OWNER, "subscription", "subscription_closed", SubscriptionPayload, True
