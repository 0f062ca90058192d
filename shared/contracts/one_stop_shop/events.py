"""What the one-stop shop announces of applications. Payloads carry codes and moments, never a person's data."""

from marshmallow import fields

from shared.contracts.base import Event, Payload

OWNER = "one_stop_shop"


class ApplicationPayload(Payload):
    """What every application event says: which application, where it stood before and stands now."""

    code = fields.String(required=True)
    procedure = fields.String(required=True)
    agency = fields.String(required=True)
    status = fields.Integer(required=True)
    previous_status = fields.Integer(load_default=None, allow_none=True)


class WithDue(ApplicationPayload):
    """An event after which another due moment may hold."""

    due_at = fields.AwareDateTime(format="iso", load_default=None, allow_none=True)


class ApplicationSubmitted(Event):
    """A citizen or a synchronising system handed in an application, or an officer registered one."""

    class Payload(ApplicationPayload):
        """Adds the channel (1 counter, 2 online, 3 post) and until when reception must be decided."""

        channel = fields.Integer(required=True)
        decide_by = fields.AwareDateTime(format="iso", load_default=None, allow_none=True)

    owner, aggregate, name, payload = OWNER, "application", "application_submitted", Payload


class ApplicationReceived(Event):
    """An officer received the application: the legal clock runs, form 01 is issued."""

    owner, aggregate, name, payload = OWNER, "application", "application_received", WithDue


class ApplicationRefused(Event):
    """Reception was refused with a reason, form 03."""

    owner, aggregate, name, payload = OWNER, "application", "application_refused", ApplicationPayload


class ApplicationCorrected(Event):
    """An officer put right what had been taken down wrongly."""

    class Payload(ApplicationPayload):
        """Adds the names of the fields; what stood there is with the application."""

        corrected = fields.List(fields.String(), required=True)

    owner, aggregate, name, payload = OWNER, "application", "application_corrected", Payload


class SupplementRequested(Event):
    """Something must be added, form 02; the clock stands."""

    class Payload(ApplicationPayload):
        """Adds until when it must be supplied and how many times it was asked."""

        supply_by = fields.AwareDateTime(format="iso", load_default=None, allow_none=True)
        times = fields.Integer(required=True)

    owner, aggregate, name, payload = OWNER, "application", "supplement_requested", Payload


class SupplementSupplied(Event):
    """What was asked was added; the application is where it was before."""

    owner, aggregate, name, payload = OWNER, "application", "supplement_supplied", WithDue


class ApplicationHandedOver(Event):
    """The reception point handed the application to the specialised unit, form 06."""

    class Payload(WithDue):
        """Adds the step that begins."""

        step = fields.String(required=True)

    owner, aggregate, name, payload = OWNER, "application", "application_handed_over", Payload


class StepCompleted(Event):
    """An internal step was done and the next one begins."""

    class Payload(WithDue):
        """Adds the step done, whether it was `early`, `on_time` or `late`, and the next step."""

        step = fields.String(required=True)
        outcome = fields.String(required=True)
        next_step = fields.String(load_default=None, allow_none=True)

    owner, aggregate, name, payload = OWNER, "application", "step_completed", Payload


class AssignmentChanged(Event):
    """An officer claimed, released or was given the application; `assignee` is null when it is free."""

    class Payload(ApplicationPayload):
        """Adds the officer's key, which is not personal data outside the directory."""

        assignee = fields.String(load_default=None, allow_none=True)

    owner, aggregate, name, payload = OWNER, "application", "assignment_changed", Payload


class DeadlineExtended(Event):
    """A new due moment was set with an apology, form 04."""

    class Payload(WithDue):
        """Adds the moment that held before."""

        former_due_at = fields.AwareDateTime(format="iso", required=True)

    owner, aggregate, name, payload = OWNER, "application", "deadline_extended", Payload


class ApplicationStopped(Event):
    """Processing stopped on a ground; it may be resumed."""

    owner, aggregate, name, payload = OWNER, "application", "application_stopped", ApplicationPayload


class ApplicationResumed(Event):
    """Stopped processing goes on."""

    owner, aggregate, name, payload = OWNER, "application", "application_resumed", WithDue


class WithdrawalRequested(Event):
    """The applicant wants the application back; the clock stands until that is decided."""

    owner, aggregate, name, payload = OWNER, "application", "withdrawal_requested", ApplicationPayload


class WithdrawalDecided(Event):
    """The withdrawal was accepted (form 05, closed) or refused (back to where it was)."""

    class Payload(WithDue):
        """Adds the decision."""

        accepted = fields.Boolean(required=True)

    owner, aggregate, name, payload = OWNER, "application", "withdrawal_decided", Payload


class ApplicationFinished(Event):
    """Processing is done; the result waits for its receiver."""

    class Payload(WithDue):
        """Adds the kind of result, its number and signer, the agency that decided, and whether it came in time.

        The outcome is `early`, `on_time` or `late`.
        """

        result_kind = fields.String(required=True)
        result_number = fields.String(required=True)
        outcome = fields.String(required=True)
        competent = fields.String(load_default="")
        signer = fields.String(load_default="")

    owner, aggregate, name, payload = OWNER, "application", "application_finished", Payload
    personal = ("signer",)


class OpinionRequested(Event):
    """The application needs another agency's opinion: document routing begins the letter that asks for it."""

    class Payload(ApplicationPayload):
        """Adds the request, who asks whom about what, and until when an answer is wanted."""

        opinion = fields.String(required=True)
        by = fields.String(required=True)
        to = fields.String(required=True)
        subject = fields.String(required=True)
        due_on = fields.Date(load_default=None, allow_none=True)

    owner, aggregate, name, payload = OWNER, "application", "opinion_requested", Payload


class OpinionPayload(ApplicationPayload):
    """Which request, and the number and symbol of the document that carries it or answers it."""

    opinion = fields.String(required=True)
    document_code = fields.String(required=True)


class OpinionSent(Event):
    """The letter that asks for the opinion was issued."""

    owner, aggregate, name, payload = OWNER, "application", "opinion_sent", OpinionPayload


class OpinionReceived(Event):
    """The answer came and stands in the register; the step that waited for it is done."""

    class Payload(OpinionPayload):
        """Adds the step that begins, where one does."""

        next_step = fields.String(load_default=None, allow_none=True)

    owner, aggregate, name, payload = OWNER, "application", "opinion_received", Payload


class ApplicationLinked(Event):
    """Another application was tied to this one, as a part or as related."""

    class Payload(ApplicationPayload):
        """Adds the other application and the kind of tie."""

        other = fields.String(required=True)
        kind = fields.String(required=True)

    owner, aggregate, name, payload = OWNER, "application", "application_linked", Payload


class ApplicationUnlinked(Event):
    """A tie between two applications was undone; what was a part counts again."""

    class Payload(ApplicationPayload):
        """Adds the other application and the kind of tie that it was."""

        other = fields.String(required=True)
        kind = fields.String(required=True)

    owner, aggregate, name, payload = OWNER, "application", "application_unlinked", Payload


class PartProgressed(Event):
    """A part of this bundle finished or was returned elsewhere."""

    class Payload(ApplicationPayload):
        """Adds the part and the status it reached."""

        part = fields.String(required=True)
        part_status = fields.Integer(required=True)

    owner, aggregate, name, payload = OWNER, "application", "part_progressed", Payload


class ApplicationSynchronised(Event):
    """The National Portal confirmed or refused a version of the application."""

    class Payload(ApplicationPayload):
        """Adds the version and the outcome."""

        version = fields.Integer(required=True)
        outcome = fields.String(required=True)

    owner, aggregate, name, payload = OWNER, "application", "application_synchronised", Payload


class ReceptionLate(Event):
    """Nobody decided on reception within the time the law gives."""

    owner, aggregate, name, payload = OWNER, "application", "reception_late", WithDue


class DeadlineNear(Event):
    """The due moment is close."""

    owner, aggregate, name, payload = OWNER, "application", "deadline_near", WithDue


class DeadlineMissed(Event):
    """The due moment passed while the clock ran."""

    owner, aggregate, name, payload = OWNER, "application", "deadline_missed", WithDue


class SupplementExpired(Event):
    """What was asked was not added in time; reception may now be refused."""

    owner, aggregate, name, payload = OWNER, "application", "supplement_expired", ApplicationPayload
