"""What document routing announces: of outgoing documents, and of what became of them at each receiver.

Payloads carry identifiers, codes and moments, never a person's data. `application` is the application of the one-stop
shop for which a document was written, if there is one, and `opinion` the request of that application that it carries
out; a document with an application alone enters the application's result in the register. `letter` is the invitation
to a video conference that it carries, by the name that conference booking gave it.
"""

from marshmallow import fields

from shared.contracts.base import Event, Payload

OWNER = "document_routing"


class DocumentPayload(Payload):
    """What every event of an outgoing document says: whose it is, where it stands, its number once it has one."""

    agency = fields.String(required=True)
    status = fields.String(required=True)
    kind = fields.String(required=True)
    code = fields.String(load_default="")
    application = fields.String(load_default="")
    opinion = fields.String(load_default="")
    letter = fields.String(load_default="")


class DocumentDrafted(Event):
    """Somebody began an outgoing document."""

    owner, aggregate, name, payload, public = OWNER, "document", "document_drafted", DocumentPayload, True


class DocumentRevised(Event):
    """A draft has a new version; the earlier ones stay."""

    class Payload(DocumentPayload):
        """Adds the number of the version."""

        revision = fields.Integer(required=True)

    owner, aggregate, name, payload, public = OWNER, "document", "document_revised", Payload, True


class DocumentSubmitted(Event):
    """The draft waits for the leader."""

    owner, aggregate, name, payload, public = OWNER, "document", "document_submitted", DocumentPayload, True


class DocumentReturned(Event):
    """The document went back to its drafter, with the reason."""

    owner, aggregate, name, payload, public = OWNER, "document", "document_returned", DocumentPayload, True


class DocumentSigned(Event):
    """The competent person signed; number and date follow at the latest on the next working day."""

    class Payload(DocumentPayload):
        """Adds until when it has to be issued (Decree 30, Article 18.1)."""

        issue_by = fields.AwareDateTime(format="iso", required=True)

    owner, aggregate, name, payload, public = OWNER, "document", "document_signed", Payload, True


class DocumentIssued(Event):
    """The document has its number and date and is on its way to its receivers."""

    class Payload(DocumentPayload):
        """Adds number, symbol, date, business type (0 new, 3 replacement), version, receivers, and the fingerprint."""

        number = fields.Integer(required=True)
        symbol = fields.String(required=True)
        issued_on = fields.Date(required=True)
        business = fields.Integer(required=True)
        revision = fields.Integer(load_default=0)
        receivers = fields.List(fields.String(), required=True)
        digest = fields.String(required=True)

    owner, aggregate, name, payload = OWNER, "document", "document_issued", Payload


class DocumentUpdated(Event):
    """An issued document was corrected under its number; every receiver agrees (15) or refuses (16).

    Receivers that are new, and those that refused it, gave it back or could not be reached, just get it.
    """

    class Payload(DocumentPayload):
        """Adds the request, the version, who is asked, who gets it now, the fingerprint of what it says now, and by
        which message of the agency's system it was corrected, if by one.
        """

        request = fields.String(required=True)
        revision = fields.Integer(load_default=0)
        message = fields.String(load_default="")
        digest = fields.String(required=True)
        receivers = fields.List(fields.String(), required=True)
        added = fields.List(fields.String(), load_default=list)

    owner, aggregate, name, payload = OWNER, "document", "document_updated", Payload


class DocumentReplaced(Event):
    """Another document was issued in the place of this one; every receiver gives it up (15) or keeps it (16)."""

    class Payload(DocumentPayload):
        """Adds the request, the replacement with its number and symbol, and who is asked."""

        request = fields.String(required=True)
        by = fields.String(required=True)
        by_code = fields.String(load_default="")
        receivers = fields.List(fields.String(), required=True)

    owner, aggregate, name, payload = OWNER, "document", "document_replaced", Payload


class DocumentRecalled(Event):
    """The issuing agency wants the document back (13); where it has not arrived yet it is simply not sent.

    A receiver that had it already when it was to be held back is asked by a further event with the same request.
    """

    class Payload(DocumentPayload):
        """Adds the request, who is asked, who gets nothing any more, and the message of the agency's system, if any."""

        request = fields.String(required=True)
        message = fields.String(load_default="")
        receivers = fields.List(fields.String(), required=True)
        cancelled = fields.List(fields.String(), load_default=list)

    owner, aggregate, name, payload = OWNER, "document", "document_recalled", Payload


class DocumentAnswered(Event):
    """A document that replies to this one arrived at the agency."""

    class Payload(DocumentPayload):
        """Adds the arrival."""

        reply = fields.String(required=True)

    owner, aggregate, name, payload, public = OWNER, "document", "document_answered", Payload, True


class DeliveryProgressed(Event):
    """A receiver's status reached the sender: the nine codes of D 3.3, in whatever order they came."""

    class Payload(DocumentPayload):
        """Adds the receiver, the row that came, and where the receiver stands after all rows so far."""

        receiver = fields.String(required=True)
        row = fields.String(required=True)
        row_id = fields.String(required=True)
        row_at = fields.AwareDateTime(format="iso", required=True)
        standing = fields.String(load_default=None, allow_none=True)

    owner, aggregate, name, payload = OWNER, "document", "delivery_progressed", Payload


class DeliveryTransported(Event):
    """The package for one receiver moved: `initial`, `processing`, `done`, `fail`; apart from the business status."""

    class Payload(DocumentPayload):
        """Adds the receiver and the transport state."""

        receiver = fields.String(required=True)
        transport = fields.String(required=True)

    owner, aggregate, name, payload, public = OWNER, "document", "delivery_transported", Payload, True


class ArrivalPayload(Payload):
    """What every event of an incoming document says: which document of which sender, at which receiver, how it stands.

    `row` is the status row that this event means for the sender, empty when it means none.
    """

    document = fields.String(required=True)
    code = fields.String(required=True)
    sender = fields.String(required=True)
    agency = fields.String(required=True)
    status = fields.String(required=True)
    row = fields.String(load_default="")
    answers = fields.List(fields.String(), load_default=list)
    application = fields.String(load_default="")
    opinion = fields.String(load_default="")


class DocumentArrived(Event):
    """The document is in the receiver's hands (01); nobody has acted yet."""

    class Payload(ArrivalPayload):
        """Adds until when reception has to be confirmed (Decree 30, Article 21.2), and the fingerprint of what came."""

        digest = fields.String(required=True)
        confirm_by = fields.AwareDateTime(format="iso", required=True)

    owner, aggregate, name, payload = OWNER, "arrival", "document_arrived", Payload


class DocumentRefused(Event):
    """The receiver's clerk refused it (02), with the reason."""

    owner, aggregate, name, payload = OWNER, "arrival", "document_refused", ArrivalPayload


class DocumentRegistered(Event):
    """The receiver's clerk entered it in the register of incoming documents (03)."""

    class Payload(ArrivalPayload):
        """Adds the arrival number of the year."""

        arrival_number = fields.Integer(required=True)

    owner, aggregate, name, payload = OWNER, "arrival", "document_registered", Payload


class DocumentAssigned(Event):
    """The receiver's leader said who handles it until when (04)."""

    class Payload(ArrivalPayload):
        """Adds the deadline."""

        due_at = fields.AwareDateTime(format="iso", load_default=None, allow_none=True)

    owner, aggregate, name, payload = OWNER, "arrival", "document_assigned", Payload


class DocumentHandedOn(Event):
    """An officer who handled it may no longer: the work went to a successor, or the agency has to assign it again."""

    class Payload(ArrivalPayload):
        """Adds the account of the officer who handled it, and of the one who does now, if anybody took over."""

        officer = fields.String(required=True)
        successor = fields.String(load_default=None, allow_none=True)

    owner, aggregate, name, payload, public = OWNER, "arrival", "document_handed_on", Payload, True


class DocumentWorkedOn(Event):
    """The handler began (05)."""

    owner, aggregate, name, payload = OWNER, "arrival", "document_worked_on", ArrivalPayload


class DocumentCompleted(Event):
    """The job is closed (06), with the reply where there is one."""

    class Payload(ArrivalPayload):
        """Adds the reply and whether it was in time; null without a deadline."""

        reply = fields.String(load_default="")
        on_time = fields.Boolean(load_default=None, allow_none=True)

    owner, aggregate, name, payload = OWNER, "arrival", "document_completed", Payload


class SenderRequestReceived(Event):
    """The sender wants the document back, corrected or replaced; the receiver has to answer."""

    class Payload(ArrivalPayload):
        """Adds the request and its kind: `recall`, `update`, `replace`."""

        request = fields.String(required=True)
        request_kind = fields.String(required=True)

    owner, aggregate, name, payload, public = OWNER, "arrival", "sender_request_received", Payload, True


class SenderRequestAnswered(Event):
    """The receiver agreed (15) or refused (16)."""

    class Payload(ArrivalPayload):
        """Adds the request, its kind and the answer."""

        request = fields.String(required=True)
        request_kind = fields.String(required=True)
        accepted = fields.Boolean(required=True)

    owner, aggregate, name, payload = OWNER, "arrival", "sender_request_answered", Payload


class ConfirmationLate(Event):
    """Nobody confirmed or refused reception within the day."""

    owner, aggregate, name, payload, public = OWNER, "arrival", "confirmation_late", ArrivalPayload, True


class HandlingLate(Event):
    """The deadline passed while the job was open."""

    owner, aggregate, name, payload, public = OWNER, "arrival", "handling_late", ArrivalPayload, True
