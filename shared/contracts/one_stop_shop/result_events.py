"""What the one-stop shop announces about results on their way to the applicant."""

from marshmallow import fields

from shared.contracts.base import Event
from shared.contracts.one_stop_shop.events import OWNER, ApplicationPayload, WithDue


class ResultRegistered(Event):
    """The result has its number in the register of what the agency issues."""

    class Payload(ApplicationPayload):
        """Adds the number and symbol."""

        register_number = fields.String(required=True)

    owner, aggregate, name, payload = OWNER, "application", "result_registered", Payload


class ResultRecalled(Event):
    """A finished result was taken back before it was returned; processing goes on."""

    owner, aggregate, name, payload = OWNER, "application", "result_recalled", WithDue


class DeliveryChanged(Event):
    """The result moved on its way: handed to post, in transit, failed."""

    class Payload(ApplicationPayload):
        """Adds the delivery state."""

        state = fields.String(required=True)

    owner, aggregate, name, payload = OWNER, "application", "delivery_changed", Payload


class ApplicationReturned(Event):
    """The result is in the applicant's hands."""

    class Payload(ApplicationPayload):
        """Adds how: counter, post, online."""

        method = fields.String(required=True)

    owner, aggregate, name, payload = OWNER, "application", "application_returned", Payload


class ApplicationRated(Event):
    """The applicant said how satisfied they are."""

    class Payload(ApplicationPayload):
        """Adds the score."""

        score = fields.String(required=True)

    owner, aggregate, name, payload = OWNER, "application", "application_rated", Payload
