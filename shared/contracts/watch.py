"""What operators ask of the watch: how each part is, what waits, events that are parked, histories and their chains."""

from typing import Any

from marshmallow import fields

from shared.contracts.base import Request, View
from shared.contracts.operations import Operation
from shared.contracts.values import code, moment, number_like, string_like, text

SERVICE = "watch"
READ, WRITE = "operations:read", "operations:write"
MOST_ENTRIES = 200
"""How many entries of a history are shown, the newest."""

_EVENT = "one_stop_shop.application/0f8fad5bd9cb469fa16570867728950e/3"
_LISTENER = r"^[a-z][a-z_]{0,63}$"
_KEY = r"^[!-~]{1,300}$"


class PartView(View):
    """One part. `kind` is server, service, process, mail_host or job; `standing` says how it is, `about` gives the
    figures behind that; `well` is false where somebody must see to it."""

    part = string_like("one_stop_shop")
    kind = string_like("service")
    standing = string_like("well")
    about = fields.Dict(metadata={"example": {"readers": 2, "waiting": 0}})
    well = fields.Boolean(metadata={"example": True})


class Parts(View):
    """Servers, services, processes, mail hosts and jobs."""

    seen_at = moment()
    parts = fields.List(fields.Nested(PartView))


class QueueView(View):
    """A queue; `standing` is well, unread, unreadable (messages that nobody could read) or absent."""

    queue = string_like("rpc-one_stop_shop")
    waiting = number_like(0)
    readers = number_like(2)
    standing = string_like("well")


class Queues(View):
    """The queues that the services declare."""

    seen_at = moment()
    queues = fields.List(fields.Nested(QueueView))


class WaitingView(View):
    """Stored and not done: `what` is not_published, due, due_failed, waiting, failing, parked or letters_failed.

    `letters_failed` are those of the last three days that the service asked for and that did not arrive; `where` is
    then the cause: no_server, recipient, refused, unreached or unwritten.
    """

    service = string_like("one_stop_shop")
    what = string_like("not_published")
    where = string_like("applications")
    count = number_like(0)
    oldest_seconds = fields.Float(allow_none=True, metadata={"example": 0.0})
    well = fields.Boolean(metadata={"example": True})


class FailedWork(View):
    """Work that was due and failed: it is tried again, later and later."""

    service = string_like("one_stop_shop")
    where = string_like("applications")
    subject = string_like("0f8fad5bd9cb469fa16570867728950e")
    error = string_like("KeyError: 'agency'")
    since = moment()
    attempts = number_like(3)


class Waiting(View):
    """What waits in each service's database, and the work that fails, at most a hundred of each service."""

    seen_at = moment()
    waiting = fields.List(fields.Nested(WaitingView))
    failed = fields.List(fields.Nested(FailedWork))


class EventDecision(View):
    """What somebody decided about a parked event, and why."""

    action = string_like("replayed")
    by = string_like("operator")
    at = moment()
    reason = string_like("Đã sửa lỗi đọc mã cơ quan")


class ParkedEvent(View):
    """An event that no retry could apply, without its data, which may be personal. `service` is who listens."""

    service = string_like("document_routing")
    key = string_like(_EVENT)
    exchange = string_like("one_stop_shop.application")
    subject = string_like("0f8fad5bd9cb469fa16570867728950e")
    seq = number_like(3)
    type = string_like("application_finished.v1", allow_none=True)
    since = moment()
    attempts = number_like(8)
    error = string_like("KeyError: 'agency'", allow_none=True)
    held_behind = number_like(2, allow_none=True)
    decisions = fields.List(fields.Nested(EventDecision))


class ParkedEvents(View):
    """The parked events of all services, the oldest first, at most a hundred of each."""

    seen_at = moment()
    events = fields.List(fields.Nested(ParkedEvent))


class WhichParkedEvent(Request):
    """An event by who listens to it and its key; `held_behind` then counts those that wait for it."""

    service = code(_LISTENER, example="document_routing")
    key = code(_KEY, example=_EVENT)


class DecideParkedEvent(WhichParkedEvent):
    """What is to become of a parked event, and why."""

    reason = text(500, required=True, example="Đã sửa lỗi đọc mã cơ quan")


class ParkedDecision(View):
    """What became of it."""

    service = string_like("document_routing")
    key = string_like(_EVENT)
    action = string_like("replayed")


class ChainView(View):
    """What was found in one collection; `first` names the first that was altered."""

    service = string_like("one_stop_shop")
    what = string_like("applications")
    checked = number_like(1200)
    altered = number_like(0)
    first = string_like("")


class Chains(View):
    """The last time that every history was read; `well` is false when the reading itself failed, null before any."""

    running = fields.Boolean(metadata={"example": False})
    at = moment(allow_none=True)
    seconds = fields.Float(allow_none=True, metadata={"example": 3.2})
    well = fields.Boolean(allow_none=True, metadata={"example": True})
    found = fields.List(fields.Nested(ChainView))


class AuditQuery(Request):
    """What the history is of: its identifier, an application's code, an agency's, an account or an address.

    Of its entries all, or those `by` one account, or those of one `type` of event.
    """

    q = text(300, required=True, example="H13.30.01-261005-0001")
    by = text(200, example="reception-ninh-kieu", load_default=None)
    type = text(100, example="application_submitted.v1", load_default=None)


class AuditActor(View):
    """Who did it: the issuer's key, the role used, the agency acted for; empty for the platform itself."""

    subject = string_like("reception-ninh-kieu")
    role = string_like("reception_officer")
    agency = string_like("H13.30.01")


class AuditEntry(View):
    """Who did what, when and why; without the data, which may be personal."""

    seq = number_like(1)
    type = string_like("application_submitted.v1")
    at = moment()
    actor = fields.Nested(AuditActor)
    reason = string_like("")
    correlation = string_like("5f0c2f1e")


class AuditedThing(View):
    """Something with a history: whether all of it is as it was written, and what happened, the newest first."""

    service = string_like("one_stop_shop")
    kind = string_like("applications")
    id = string_like("0f8fad5bd9cb469fa16570867728950e")
    entries = number_like(12)
    intact = fields.Boolean(metadata={"example": True})
    first_altered = number_like(3, allow_none=True)
    history = fields.List(fields.Nested(AuditEntry))


class Audit(View):
    """What was found under a name, in all services; of each history at most 200 entries."""

    found = fields.List(fields.Nested(AuditedThing))


def _ask(name: str, path: str, summary: str, summary_vi: str, view: type[View], **rest: Any) -> Operation:
    place = f"/operations{path}"
    return Operation(name, "GET", place, summary, summary_vi, view=view, scope=READ, tag="operations", **rest)


def _order(name: str, path: str, summary: str, summary_vi: str, view: type[View], **rest: Any) -> Operation:
    place = f"/operations{path}"
    return Operation(name, "POST", place, summary, summary_vi, view=view, scope=WRITE, tag="operations", **rest)


OPERATIONS = (
    _ask("read_parts", "/parts", "How each part of the platform is", "Tình trạng từng bộ phận", Parts),
    _ask("read_queues", "/queues", "What waits in each queue, and who reads it", "Hàng đợi và nơi đọc", Queues),
    _ask("read_waiting", "/waiting", "What is stored and not done, with its age", "Việc đã lưu mà chưa làm", Waiting),
    _ask("list_parked_events", "/parked-events", "Events that no retry could apply", "Sự kiện bị giữ", ParkedEvents),
    _ask(
        "read_parked_event",
        "/parked-events/one",
        "One parked event",
        "Một sự kiện bị giữ",
        ParkedEvent,
        query=WhichParkedEvent,
    ),
    _order(
        "replay_parked_event",
        "/parked-events/replay",
        "Have a parked event tried again now",
        "Xử lý lại sự kiện bị giữ",
        ParkedDecision,
        body=DecideParkedEvent,
    ),
    _order(
        "discard_parked_event",
        "/parked-events/discard",
        "Leave a parked event out for good; its successors go on",
        "Bỏ hẳn sự kiện bị giữ",
        ParkedDecision,
        body=DecideParkedEvent,
    ),
    _ask("read_chains", "/chains", "When all histories were last read, and what was altered", "Chuỗi lịch sử", Chains),
    _order(
        "verify_chains",
        "/chains/verification",
        "Read every history now; one reading goes on at a time",
        "Kiểm tra mọi chuỗi lịch sử ngay",
        Chains,
    ),
    _ask(
        "search_audit", "/audit", "Who did what to something, and whether that is whole", "Tra nhật ký", Audit,
        query=AuditQuery,
    ),
)  # fmt: skip
