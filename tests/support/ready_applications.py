"""Applications on which a command can be carried out right now, brought there over HTTP by the demo people.

A command given to whatever application there is ends at its door: another status, an older version. Here each command
has an application of its own in the right status, which is replaced once an answer has taken it out of that.
"""

from contextlib import ExitStack
from datetime import UTC, datetime
from typing import Any

from local.demo.caller import Caller, Refused
from local.demo.papers import make_paper
from shared.contracts.one_stop_shop.application_operations import SUBMIT_EXAMPLE
from shared.contracts.one_stop_shop.operations import OPERATIONS
from tests.support.stack import secret_of

CITIZEN, RECEPTION, SPECIALIST, HEAD = "citizen-an", "reception-ninh-kieu", "specialist-ninh-kieu", "head-ninh-kieu"
SYSTEM = "portal-sync"

_BY_SCOPE = {
    "applications:apply": CITIZEN,
    "applications:work": RECEPTION,
    "payments:record": RECEPTION,
    "applications:decide": HEAD,
    "applications:synchronise": SYSTEM,
}
_BY_RULE = {"complete_step": SPECIALIST, "decide_withdrawal": HEAD, "refund_payment": HEAD}
"""Who may, where the scope is wider than the rule."""

_IN_PROCESS = "receive hand_over"
_FINISHED = f"record_payment {_IN_PROCESS} finish"
_WAYS = {
    "request_supplement": "receive",
    "supply_supplement": "request_supplement",
    "accept_exemption": "reject_exemption",
    "refund_payment": f"record_payment {_IN_PROCESS} stop",
    "hand_over": "receive",
    "complete_step": _IN_PROCESS,
    "request_opinion": _IN_PROCESS,
    "release": "claim",
    "extend": "receive",
    "stop": _IN_PROCESS,
    "resume": f"{_IN_PROCESS} stop",
    "decide_withdrawal": "receive request_withdrawal",
    "finish": _IN_PROCESS,
    "recall_result": _FINISHED,
    "send_by_post": _FINISHED,
    "record_post_event": f"{_FINISHED} send_by_post",
    "return_result": _FINISHED,
    "rate": f"{_FINISHED} return_result",
    "unlink": "link",
}
"""What must have happened before, beside handing in."""

DONE = frozenset({200, 201})
STALE = 412

ACTIONS = {
    operation.name: operation.path.rpartition("/")[2].replace("-", "_")
    for operation in OPERATIONS
    if operation.verb == "POST" and operation.path.startswith("/applications/{application}/")
} | {"start_payment": "start_payment", "record_synchronisation": "record_synchronisation"}
"""The operations on one application, with the rows of the transition table that they are."""

_OPERATIONS = {ACTIONS[operation.name]: operation for operation in OPERATIONS if operation.name in ACTIONS}


def caller_of(operation: str) -> str:
    """The demo person who may carry it out."""
    action = ACTIONS[operation]
    return _BY_RULE.get(action, _BY_SCOPE[_OPERATIONS[action].scope])


class ReadyApplications:
    """Keeps an application ready for each operation; use as a context manager."""

    def __init__(self, base_url: str) -> None:
        self._stack = ExitStack()
        self._people = {
            login: self._stack.enter_context(Caller(base_url, login, secret_of(login)))
            for login in (CITIZEN, RECEPTION, SPECIALIST, HEAD, SYSTEM)
        }
        self._ready: dict[str, dict[str, Any]] = {}
        paper = make_paper("Tờ khai", "Người yêu cầu: Nguyễn Văn An")
        self._file = self._people[CITIZEN].upload("tờ khai.pdf", "application/pdf", paper)
        self._other = self._submitted("")["id"]

    def __enter__(self) -> "ReadyApplications":
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def present(self, operation: str) -> dict[str, Any]:
        """The `id` and `version` of an application that this can be done to."""
        action = ACTIONS[operation]
        if operation not in self._ready:
            application = self._submitted(action)
            for before in _WAYS.get(action, "").split():
                application = self._done(before, application)
            self._ready[operation] = application
        return self._ready[operation]

    def heed(self, operation: str, status: int) -> bool:
        """After an answer: have another application for the next time when it was carried out on this one.

        Answers whether somebody else changed it, so that the same should be sent again about its new version.
        """
        if status == STALE and operation in self._ready:
            known = self._ready[operation]
            self._ready[operation] = self._people[caller_of(operation)].get(f"/applications/{known['id']}")
        elif status in DONE:
            self._ready.pop(operation, None)
        return status == STALE

    def body(self, operation: str) -> dict[str, Any]:
        """What the operation's example says, of the application that is ready."""
        return self._good(ACTIONS[operation], self.present(operation)["id"])

    def _submitted(self, action: str) -> dict[str, Any]:
        delivery = {name: SUBMIT_EXAMPLE["owner"][name] for name in ("phone", "address")}
        content = SUBMIT_EXAMPLE | {"delivery": delivery | {"method": "post", "receiver": "Nguyễn Văn An"}}
        if action in ("accept_exemption", "reject_exemption"):
            proof = {"component": "giay_to_mien_giam", "file": self._file}
            content |= {"answers": {"exemption": "poor_household"}}
            content |= {"components": [*SUBMIT_EXAMPLE["components"], proof]}
        receipt: dict[str, Any] = self._people[CITIZEN].post("/applications", content)
        return receipt

    def _done(self, action: str, application: dict[str, Any]) -> dict[str, Any]:
        operation = _OPERATIONS[action]
        path = operation.path.format(application=application["id"])
        body = self._good(action, application["id"])
        person = self._people[caller_of(operation.name)]
        while True:
            try:
                receipt: dict[str, Any] = person.post(path, body, version=application["version"])
            except Refused as refused:
                if refused.code != "version_stale":
                    raise
                application = person.get(f"/applications/{application['id']}")  # it has got its register number since
            else:
                return receipt

    def _good(self, action: str, application: str) -> dict[str, Any]:
        now = datetime.now(UTC).isoformat()
        body = dict(_OPERATIONS[action].example)
        match action:
            case "supply_supplement":
                body["components"] = [{"component": "to_khai", "file": self._file}]
            case "record_payment":
                body["amount"] = 8000 * SUBMIT_EXAMPLE["quantities"]["copies"]
            case "finish":
                body["result"] = body["result"] | {"signed_at": now}
            case "send_by_post" | "record_post_event":
                body["waybill"] = f"EH{int(application, 16) % 10**9:09d}VN"
            case "link" | "unlink":
                body["other"] = self._other
            case "record_synchronisation":
                body["version"] = 1
        return body | ({"at": now} if "at" in body else {})
