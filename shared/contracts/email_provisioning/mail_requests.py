"""What callers send about mailboxes; bodies of commands and filters of questions."""

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from shared.contracts.base import Request
from shared.contracts.email_provisioning.mail_values import (
    LONGEST_PASSWORD,
    MAILBOX_KINDS,
    MAILBOX_STATES,
    POSTERS,
    SUSPENSIONS,
    address,
    mebibytes,
)
from shared.contracts.email_provisioning.values import OFFICER_ID, POST_ROLES, UNIT_CODE, agency_code
from shared.contracts.shapes import Number
from shared.contracts.values import Page, code, day, one_of, text

_REASON = "Công văn số 45/VP ngày 20/11/2026"
_OFFICER = "0f8fad5bd9cb469fa16570867728950e"


class OnGround(Request):
    """A command that must say on which ground."""

    reason = text(1000, required=True, example=_REASON)


class PerhapsOnGround(Request):
    """A command that may say on which ground."""

    reason = text(1000, load_default="", example=_REASON)


class GroupMembers(Request):
    """Who is in a group, as a question to the directory: who holds a post at the agency, or also `below` it.

    `unit`, `role` and `officers` narrow it down. Whoever is appointed, moved or leaves is in or out by itself.
    """

    agency = agency_code()
    below = fields.Boolean(load_default=False)
    unit = code(UNIT_CODE, example="van_phong", required=False, allow_none=True, load_default=None)
    role = one_of(*POST_ROLES, required=False, allow_none=True, load_default=None)
    officers = fields.List(
        code(OFFICER_ID, example=_OFFICER), allow_none=True, load_default=None, validate=validate.Length(max=1000)
    )


class GroupPosters(Request):
    """Who may write to a group; `addresses` may in any case, and are its moderators where only `listed` ones may."""

    who = one_of(*POSTERS, required=False, load_default="members")
    addresses = fields.List(address(), load_default=list, validate=validate.Length(max=200))


class RequestMailbox(PerhapsOnGround):
    """A mailbox that then waits for approval.

    `owner` answers for it. A `personal` one needs no `address`, which follows from the name, and no `name`; the
    others need both. `agency` is that of the owner's post unless given. Only a `group` has `members` and `posters`.
    """

    kind = one_of(*MAILBOX_KINDS, required=False, load_default="personal")
    owner = code(OFFICER_ID, example=_OFFICER)
    agency = agency_code(required=False, allow_none=True, load_default=None)
    unit = code(UNIT_CODE, example="van_phong", required=False, allow_none=True, load_default=None)
    name = text(200, load_default="", example="Văn thư Sở Y tế")
    address = address(allow_none=True, load_default=None)
    quota = mebibytes(allow_none=True, load_default=None)
    members = fields.Nested(GroupMembers, allow_none=True, load_default=None)
    posters = fields.Nested(GroupPosters, allow_none=True, load_default=None)

    @validates_schema
    def _fits_its_kind(self, data: dict[str, object], **_: object) -> None:
        personal, group = data["kind"] == "personal", data["kind"] == "group"
        if not personal and not data["name"]:
            raise ValidationError("mailbox_needs_name", "name")
        if not personal and data["address"] is None:
            raise ValidationError("mailbox_needs_address", "address")
        if group != (data["members"] is not None):
            raise ValidationError("mailbox_members_of_group", "members")
        if group and data["quota"] is not None:
            raise ValidationError("mailbox_is_group", "quota")
        if data["posters"] is not None and not group:
            raise ValidationError("mailbox_members_of_group", "posters")


class SuspendMailbox(OnGround):
    """From now on nobody signs in; open sessions end, app passwords are void. `suspension` says what mail does."""

    suspension = one_of(*SUSPENSIONS, required=False, load_default="receive")


class ScheduleRevocation(OnGround):
    """The day on which the mailbox is revoked by itself."""

    revoke_on = day(required=True, example="2027-06-30")


class RenameMailbox(PerhapsOnGround):
    """Another address; the old one leads to the mailbox for a while."""

    address = address(required=True, example="nvanh@cantho.gov.vn")


class TransferMailbox(PerhapsOnGround):
    """To another agency's grant, with its mail; with another quota if that one has less to give."""

    agency = agency_code()
    quota = mebibytes()


class HandOverMailbox(PerhapsOnGround):
    """To another officer; whatever the one before signs in with is void."""

    owner = code(OFFICER_ID, example=_OFFICER)


class ChangeQuota(PerhapsOnGround):
    """Another size."""

    quota = mebibytes(required=True)


class AddAlias(PerhapsOnGround):
    """A further address that leads to the mailbox until its last day; an alias that is there gets another day."""

    address = address(required=True, example="vanthu.ninhkieu@cantho.gov.vn")
    until = day(required=True, example="2027-06-30")


class RemoveAlias(PerhapsOnGround):
    """An alias that ends today."""

    address = address(required=True, example="vanthu.ninhkieu@cantho.gov.vn")


class ChangeGroup(PerhapsOnGround):
    """Other members or posters of a group; what is left out stays."""

    members = fields.Nested(GroupMembers)
    posters = fields.Nested(GroupPosters)


class MakeAppPassword(Request):
    """A password for one program or device; `name` is what its owner will know it by."""

    name = text(100, required=True, example="Điện thoại")


class RevokeAppPassword(Request):
    """The app password that no longer works."""

    app_password = code(r"^[0-9a-f]{8}$", example="9f86d081")


class SetPassword(Request):
    """The one-time link's token, and a password of at least 12 characters that the person chose."""

    token = text(200, required=True, example="0f8fad5bd9cb469fa16570867728950e.5pZx0…")
    password = text(LONGEST_PASSWORD, required=True, example="bốn con trâu gặm cỏ")


class MailboxQuery(Page):
    """Which mailboxes: of an agency or below it, by words of address and name, in a state, of a kind.

    With `owner`, those of one officer.
    """

    q = text(200, allow_none=True, load_default=None, example="nvan")
    agency = agency_code(required=False, allow_none=True, load_default=None)
    state = one_of(*MAILBOX_STATES, required=False, allow_none=True, load_default=None)
    kind = one_of(*MAILBOX_KINDS, required=False, allow_none=True, load_default=None)
    owner = code(OFFICER_ID, example=_OFFICER, required=False, allow_none=True, load_default=None)


class SuggestionQuery(Request):
    """A person's name, and the agency where they work."""

    name = text(200, required=True, example="Nguyễn Văn An")
    agency = agency_code()


class MailPeriod(Request):
    """First and last day of a report, both included, and the agency (the caller's own when not given)."""

    first_day = day(required=True, example="2026-10-01")
    last_day = day(required=True, example="2026-10-31")
    agency = agency_code(required=False, allow_none=True, load_default=None)

    @validates_schema
    def check_order(self, data: dict[str, Any], **_: Any) -> None:
        """At most a year, and not backwards."""
        if not 0 <= (data["last_day"] - data["first_day"]).days <= 366:
            raise ValidationError("period", "last_day")


class UnusedQuery(Page):
    """Mailboxes of an agency, or below it, that nobody used for so many days; 3 months say the provinces."""

    agency = agency_code(required=False, allow_none=True, load_default=None)
    days = Number(load_default=90, validate=validate.Range(1, 3660), metadata={"example": 90})


class FullQuery(Page):
    """Mailboxes of an agency, or below it, of whose quota so many percent or more are used."""

    agency = agency_code(required=False, allow_none=True, load_default=None)
    percent = Number(load_default=90, validate=validate.Range(1, 100), metadata={"example": 90})
