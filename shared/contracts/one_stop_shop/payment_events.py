"""What the one-stop shop announces about fees."""

from marshmallow import fields

from shared.contracts.base import Event
from shared.contracts.one_stop_shop.events import OWNER, ApplicationPayload, WithDue


class MoneyPayload(WithDue):
    """An amount in dong."""

    amount = fields.Integer(required=True)


class PaymentRequested(Event):
    """A financial obligation was notified; the clock stands until it is met."""

    owner, aggregate, name, payload = OWNER, "application", "payment_requested", MoneyPayload


class PaymentStarted(Event):
    """The applicant went to the payment gateway; nothing is paid yet."""

    owner, aggregate, name, payload = OWNER, "application", "payment_started", MoneyPayload


class PaymentReceived(Event):
    """The obligation was met, online, in cash or by transfer."""

    class Payload(MoneyPayload):
        """Adds how and the receipt number."""

        method = fields.String(required=True)
        receipt_number = fields.String(required=True)

    owner, aggregate, name, payload = OWNER, "application", "payment_received", Payload


class PaymentFailed(Event):
    """The payment gateway told that no money came; nothing is met by it."""

    class Payload(MoneyPayload):
        """Adds the cause: `declined`."""

        cause = fields.String(required=True)

    owner, aggregate, name, payload = OWNER, "application", "payment_failed", Payload


class PaymentUnmatched(Event):
    """Money came that meets nothing: paid a second time, or another amount. It has to go back."""

    class Payload(MoneyPayload):
        """Adds which payment it was, and the cause: `not_owed` or `wrong_amount`."""

        payment = fields.String(required=True)
        cause = fields.String(required=True)

    owner, aggregate, name, payload = OWNER, "application", "payment_unmatched", Payload


class PaymentExempted(Event):
    """The applicant need not pay, on a ground that is printed."""

    owner, aggregate, name, payload = OWNER, "application", "payment_exempted", WithDue


class ExemptionAccepted(Event):
    """A ground for paying less, stated after the money was taken, holds; what is owed now is the amount told."""

    owner, aggregate, name, payload = OWNER, "application", "exemption_accepted", MoneyPayload


class ExemptionRejected(Event):
    """A ground on which less was to be paid did not hold; the full amount is due."""

    owner, aggregate, name, payload = OWNER, "application", "exemption_rejected", MoneyPayload


class PaymentRefunded(Event):
    """Money that was paid goes back."""

    owner, aggregate, name, payload = OWNER, "application", "payment_refunded", MoneyPayload


class PaymentExpired(Event):
    """The obligation was not met in time."""

    owner, aggregate, name, payload = OWNER, "application", "payment_expired", ApplicationPayload
