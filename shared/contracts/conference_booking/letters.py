"""The invitation document (giấy mời) of a meeting, which is drafted, signed and numbered in document routing."""

from marshmallow import fields

from shared.contracts.base import Event
from shared.contracts.conference_booking.events import OWNER, ConferencePayload
from shared.contracts.conference_booking.offers import ASK, post
from shared.contracts.conference_booking.requests import PerhapsWithReason
from shared.contracts.conference_booking.views import MeetingReceipt


class LetterPayload(ConferencePayload):
    """The meeting, and what its document has to say; `letter` names the document and the version of what it was told.

    `receivers` are agencies; `replaces` is the issued document whose place it takes.
    """

    letter = fields.String(required=True)
    subject = fields.String(load_default="")
    summary = fields.String(load_default="")
    receivers = fields.List(fields.String(), load_default=list)
    replaces = fields.String(load_default=None, allow_none=True)


class InvitationLetterAsked(Event):
    """The convener's agency wants to invite by a document, or has to by another than the issued one."""

    owner, aggregate, name, payload = OWNER, "meeting", "invitation_letter_asked", LetterPayload


class InvitationLetterChanged(Event):
    """The meeting is otherwise than its document says, which is not issued yet."""

    owner, aggregate, name, payload = OWNER, "meeting", "invitation_letter_changed", LetterPayload


class InvitationLetterWithdrawn(Event):
    """The meeting is off; what was issued has to be taken back."""

    owner, aggregate, name, payload = OWNER, "meeting", "invitation_letter_withdrawn", LetterPayload


class LetterProgressPayload(ConferencePayload):
    """Where the document stands, with its number and symbol once it has them."""

    letter = fields.String(required=True)
    document_status = fields.String(required=True)
    document_code = fields.String(required=True)


class InvitationLetterProgressed(Event):
    """The document of a meeting was drafted, signed, issued, replaced or taken back."""

    owner, aggregate, name = OWNER, "meeting", "invitation_letter_progressed"
    payload, public = LetterProgressPayload, True


LETTERS = [
    post(
        "ask_invitation_letter",
        "/meetings/{meeting}/letter",
        "Let the convener's agency have the draft of an invitation document",
        "Tạo dự thảo giấy mời họp trong văn bản đi",
        PerhapsWithReason,
        MeetingReceipt,
        ASK,
        if_match=True,
        example={"reason": "Mời lãnh đạo Ủy ban nhân dân các xã, phường"},
    ),
]
