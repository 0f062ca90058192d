"""What the directory announces. Each event carries the whole public state after the change.

A copy therefore keeps what the newest event of an aggregate says, and nothing else. The subject of an agency's
events is its current identifier (`H13.30.01`); that of an officer's events is the directory's own id of the person.
Days are days in Viet Nam; the last day of something is the last one on which it holds, and none means open.
"""

from marshmallow import fields

from shared.contracts.base import Event, Payload

OWNER = "email_provisioning"


class NamePayload(Payload):
    """A name in both languages."""

    vi = fields.String(required=True)
    en = fields.String(required=True)


class UnitPayload(Payload):
    """A unit of an agency; `code` is unique within it, `parent` another unit of the same agency."""

    code = fields.String(required=True)
    name = fields.Nested(NamePayload, required=True)
    parent = fields.String(load_default=None, allow_none=True)
    opened_on = fields.Date(load_default=None, allow_none=True)
    closed_on = fields.Date(load_default=None, allow_none=True)


class AgencyPayload(Payload):
    """An agency as it stands after the change.

    `legacy_codes` are identifiers of QCVN 102:2016. `province` is the one that it lies in, `area` the commune that
    it serves if it serves only one. `successors` took over when it was closed; several where it was divided, the
    first of which is the one to turn to. `reception` names its reception point, `sectors` what a department
    decides on, `timetable` when it works.
    """

    code = fields.String(required=True)
    legacy_codes = fields.List(fields.String(), required=True)
    name = fields.Nested(NamePayload, required=True)
    level = fields.String(required=True)
    kind = fields.String(required=True)
    parent = fields.String(load_default=None, allow_none=True)
    province = fields.String(load_default=None, allow_none=True)
    area = fields.String(load_default=None, allow_none=True)
    timetable = fields.String(load_default=None, allow_none=True)
    sectors = fields.List(fields.String(), required=True)
    reception = fields.Nested(NamePayload, load_default=None, allow_none=True)
    address = fields.String(load_default="")
    phone = fields.String(load_default="")
    opened_on = fields.Date(load_default=None, allow_none=True)
    closed_on = fields.Date(load_default=None, allow_none=True)
    successors = fields.List(fields.String(), required=True)
    units = fields.List(fields.Nested(UnitPayload), required=True)
    sample = fields.Boolean(load_default=False)


class AgencyRegistered(Event):
    """An agency entered the directory."""

    owner, aggregate, name, payload = OWNER, "agency", "agency_registered", AgencyPayload


class AgencyChanged(Event):
    """Something about an agency is otherwise: its name, its place in the hierarchy, one of its units."""

    owner, aggregate, name, payload = OWNER, "agency", "agency_changed", AgencyPayload


class AgencyClosed(Event):
    """An agency has its last day (`closed_on`), which may be ahead, and those that take over from it."""

    owner, aggregate, name, payload = OWNER, "agency", "agency_closed", AgencyPayload


class PostPayload(Payload):
    """What an officer is at one agency in a span of days; `unit` is None for a post at the agency itself."""

    agency = fields.String(required=True)
    unit = fields.String(load_default=None, allow_none=True)
    title = fields.String(required=True)
    roles = fields.List(fields.String(), required=True)
    starts_on = fields.Date(required=True)
    ends_on = fields.Date(load_default=None, allow_none=True)


class OfficerPayload(Payload):
    """An officer as they stand after the change, with every post that they hold or held, in order of their first days.

    A post counts on the days from `starts_on` to `ends_on`, both included; one that ends before it starts was taken
    back and never counted. `account` is the key (`sub`) under which the issuer of tokens knows the officer.
    `successor` is the officer who takes over what this one works on and may no longer; none means the agency's queues.
    """

    name = fields.String(required=True)
    account = fields.String(load_default=None, allow_none=True)
    posts = fields.List(fields.Nested(PostPayload), required=True)
    successor = fields.String(load_default=None, allow_none=True)
    sample = fields.Boolean(load_default=False)


class OfficerAppointed(Event):
    """An officer was given a post beside those held: the first one, a further one, or one after having left."""

    owner, aggregate, name, payload = OWNER, "officer", "officer_appointed", OfficerPayload
    personal, public = ("name",), True


class OfficerMoved(Event):
    """An officer took another post and lost the ones held, with their roles, the day before."""

    owner, aggregate, name, payload = OWNER, "officer", "officer_moved", OfficerPayload
    personal, public = ("name",), True


class OfficerLeft(Event):
    """All posts of an officer end: retired, resigned, transferred out, or dismissed."""

    owner, aggregate, name, payload = OWNER, "officer", "officer_left", OfficerPayload
    personal, public = ("name",), True


class OfficerChanged(Event):
    """Something about an officer is otherwise that is not about posts: the name, the account."""

    owner, aggregate, name, payload = OWNER, "officer", "officer_changed", OfficerPayload
    personal, public = ("name",), True
