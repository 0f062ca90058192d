"""A directory in the test's own hands: it answers a mail host's agent on the real broker, from a dict."""

import threading
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import amqp
import orjson
from amqp import Message

from shared.amqp import connect
from shared.messaging import topology

SERVICE, EXCHANGE = "email_provisioning", "email_provisioning.mailbox"
Instruction = dict[str, Any]


class Directory:
    """What hosts should do, and what they told; `away` lets every question wait for nothing."""

    def __init__(self, uri: str) -> None:
        self._uri = uri
        self.wanted: dict[str, Instruction] = {}
        self.applied: dict[str, int] = {}
        self.problems: list[Mapping[str, Any]] = []
        self.usage: dict[str, Mapping[str, Any]] = {}
        self.usage_rows: list[Mapping[str, Any]] = []
        self.drifts: list[Mapping[str, Any]] = []
        self.asked: list[tuple[str, Mapping[str, Any], Mapping[str, Any]]] = []
        self.away = False
        self._stop = threading.Event()
        queue = topology.rpc_queue(SERVICE)
        topology.declare_queues(uri, [EXCHANGE], [queue])
        self._bell = connect(uri, name="test directory").channel()
        self._thread = threading.Thread(target=self._serve, args=(queue.name,), daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Answer no more."""
        self._stop.set()
        self._thread.join(10)
        self._bell.connection.collect()

    def want(self, mailbox: str = "", *, ring: bool = True, **changes: Any) -> str:
        """Change what is wanted of a mailbox, in a new generation; answers its identifier."""
        mailbox = mailbox or uuid.uuid4().hex
        known = self.wanted.get(mailbox) or _new(mailbox)
        addresses = changes.get("addresses", known["addresses"])
        changed = {
            **known,
            "senders": addresses,
            **changes,
            "generation": changes.get("generation", known["generation"] + 1),
        }
        self.wanted[mailbox] = changed
        if ring:
            self.ring(mailbox)
        return mailbox

    def ring(self, mailbox: str) -> None:
        """Announce that a mailbox changed."""
        body = orjson.dumps({"specversion": "1.0", "subject": mailbox, "data": {}})
        message = Message(body, content_type="application/cloudevents+json", content_encoding="utf-8", delivery_mode=2)
        self._bell.basic_publish(message, EXCHANGE, "mailbox_changed.v1")

    def is_applied(self, *mailboxes: str) -> bool:
        """Whether the host reported the newest generation of these, or of all."""
        return all(self.applied.get(each, -1) == self.wanted[each]["generation"] for each in mailboxes or self.wanted)

    def reconnect(self) -> None:
        """The bell's connection died with the broker."""
        self._bell = connect(self._uri, name="test directory").channel()

    def _serve(self, queue: str) -> None:
        while not self._stop.is_set():
            try:
                connection = connect(self._uri, name="test directory")
                channel = connection.channel()
                channel.basic_consume(queue, callback=lambda message: self._answer(message.channel, message))
                while not self._stop.is_set():
                    try:
                        connection.drain_events(timeout=0.2)
                    except TimeoutError:
                        continue
            except (OSError, amqp.AMQPError, AttributeError):
                self._stop.wait(0.2)
            else:
                connection.collect()

    def _answer(self, channel: amqp.Channel, message: Message) -> None:
        channel.basic_ack(message.delivery_tag)
        if self.away:
            return
        method = message.delivery_info["routing_key"].rpartition(".")[2]
        body = orjson.loads(message.body)["kwargs"]
        self.asked.append((method, body["request"], body["principal"]))
        result = getattr(self, f"_{method}")(body["request"])
        answer = Message(
            orjson.dumps({"result": result, "error": None}), correlation_id=message.properties["correlation_id"]
        )
        channel.basic_publish(answer, "", message.properties["reply_to"])

    def _read_mail_instructions(self, request: Mapping[str, Any]) -> Any:
        return {"items": [self.wanted.get(each) or _unknown(each) for each in request["mailboxes"]]}

    def _list_mail_instructions(self, request: Mapping[str, Any]) -> Any:
        behind = [each for each in sorted(self.wanted) if each > request["after"]]
        page = behind[: request["limit"]]
        items = [{"mailbox": each, "generation": self.wanted[each]["generation"]} for each in page]
        return {"items": items, "next": page[-1] if len(behind) > len(page) else None}

    def _report_mail_applied(self, request: Mapping[str, Any]) -> Any:
        for report in request["reports"]:
            if report["error"]:
                self.problems.append(report)
            else:
                self.applied[report["mailbox"]] = max(report["generation"], self.applied.get(report["mailbox"], 0))
        return {}

    def _report_mail_usage(self, request: Mapping[str, Any]) -> Any:
        self.usage_rows += request["rows"]
        self.usage.update({row["mailbox"]: row for row in request["rows"]})
        return {}

    def _report_mail_drift(self, request: Mapping[str, Any]) -> Any:
        self.drifts.append(request)
        return {}


def _new(mailbox: str) -> Instruction:
    return {
        **_unknown(mailbox),
        "kind": "personal",
        "exists": True,
        "login": True,
        "delivery": "accept",
        "quota": 5,
        "secrets": 1,
        "posters": None,
    }


def _unknown(mailbox: str) -> Instruction:
    lists: dict[str, Any] = {name: [] for name in ("addresses", "senders", "forwards", "app_passwords")}
    return {
        **lists,
        "mailbox": mailbox,
        "generation": 0,
        "exists": False,
        "login": False,
        "delivery": "reject",
        "quota": 0,
        "secrets": 0,
        "password": "",
        "archive": False,
        "purge": False,
    }


@contextmanager
def directory(uri: str) -> Iterator[Directory]:
    """A directory that answers until the end."""
    answering = Directory(uri)
    try:
        yield answering
    finally:
        answering.close()
