"""Whatever operators read has a name: every event, queue, kind of data, part, job, role and error of the platform."""

import importlib
import pkgutil
import re
from pathlib import Path

import pytest

import shared.contracts
from gateway.portal.console_words import THINGS, part_name
from gateway.portal.event_words import EVENTS, GROUPS, entry_words, event_words
from gateway.portal.failure_words import _BY_KIND, failure_words, push_words
from gateway.portal.plain_words import ROLES
from gateway.portal.queue_words import KINDS, queue_name, queue_rows
from ops.databases import service_names
from ops.queues import OWN_QUEUE, declared_queues
from services.email_provisioning.adapters.returned_mail import COLLECTION as RETURNED_MAIL
from services.email_provisioning.adapters.scim.resources import COLLECTION as SCIM_RESOURCES
from shared.contracts.base import events
from shared.contracts.principal import Role
from shared.errors import Error
from shared.job_runs import EXPECTED_WITHIN
from tests.support.gateway import GatewayInHand

TECHNICAL = re.compile(r"[a-z]_[a-z]|\.v\d|\b(dlq|rpc|inbox)\b")
_STORED = re.compile(r'(?:database|store)\["([a-z_]+)"\]|\("([a-z_]+)", (?:fire|settle|hand)_')
for _module in pkgutil.walk_packages(shared.contracts.__path__, "shared.contracts."):
    importlib.import_module(_module.name)


def test_every_event_has_words_of_its_own_and_no_words_are_left_over() -> None:
    declared = {event.type() for event in events()}
    assert declared == set(EVENTS)
    assert sum(len(kinds) for _name, kinds in GROUPS) == len(EVENTS)
    assert len(set(EVENTS.values())) == len(EVENTS), "two events that read the same cannot be told apart"


def test_every_kind_of_event_and_every_queue_has_a_name(gateway: GatewayInHand) -> None:
    assert {event.exchange() for event in events()} == set(KINDS)
    with gateway.app.test_request_context("/"):
        shown = [queue_name(queue) for queue in (*declared_queues(), OWN_QUEUE) if not queue.startswith("dlq.")]
    assert [name for name in shown if TECHNICAL.search(name)] == []
    assert len(set(shown)) == len(shown)


def test_dead_letters_stand_beside_their_queue_and_make_it_a_problem(gateway: GatewayInHand) -> None:
    def seen(queue: str, waiting: int, standing: str) -> dict[str, object]:
        return {"queue": queue, "waiting": waiting, "readers": 1, "standing": standing}

    with gateway.app.test_request_context("/"):
        rows = queue_rows(
            [
                seen("rpc-one_stop_shop", 0, "well"),
                seen("dlq.replay.one_stop_shop", 2, "unreadable"),
                seen("replay.one_stop_shop", 1, "well"),
            ]
        )
    assert [(row["code"], row["dead"], row["well"]) for row in rows] == [
        ("replay.one_stop_shop", 2, False),
        ("rpc-one_stop_shop", 0, True),
    ]
    assert rows[0]["words"] == "Có thông điệp không đọc được"


def test_every_part_and_job_has_a_name(gateway: GatewayInHand) -> None:
    told = re.findall(r"(\w+)=http", Path("docker-compose.yml").read_text("utf-8"))
    local = re.findall(r'_worker\(f?"([a-z_-]+)', Path("local/platform.py").read_text("utf-8"))
    parts = {*told, *local, *service_names(), *EXPECTED_WITHIN, "broker", "database", "mail-agent"}
    assert {"watch", "reflector", "document_routing_webhooks"} <= parts
    with gateway.app.test_request_context("/"):
        assert {part for part in parts if part_name(part) == part} == set()


def test_every_kind_of_data_with_a_history_or_due_work_has_a_name() -> None:
    sources = "".join(
        path.read_text("utf-8") for path in Path("services").rglob("*.py") if path.stem in ("wiring", "assembly")
    )
    found = {SCIM_RESOURCES, RETURNED_MAIL, *(name for both in _STORED.findall(sources) for name in both if name)}
    assert {"applications", "mailboxes", "lines"} <= found
    assert found - {thing.rpartition(".")[2] for thing in THINGS} == set()


def test_every_role_has_words() -> None:
    assert {role.value for role in Role} <= set(ROLES)


def test_every_refusal_is_explained(gateway: GatewayInHand) -> None:
    kinds = {cls.kind for cls in Error.__subclasses__() if cls.__module__ == Error.__module__}
    assert kinds <= set(_BY_KIND)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        ("Invalid: event_malformed (type='document_issued.v1') number: malformed", "không đúng cấu trúc"),
        ("Invalid: number_malformed", "không được bên nhận chấp nhận"),
        ("ServerSelectionTimeoutError: mongo-1:27017", "không trả lời"),
        ("KeyError: 'agency'", "không lường trước"),
        (None, "không lường trước"),
    ],
)
def test_a_failure_is_said_in_words_that_hold_no_code(gateway: GatewayInHand, error: str | None, words: str) -> None:
    with gateway.app.test_request_context("/"):
        found = failure_words(error)
    assert words in found.what
    assert found.advice
    assert not TECHNICAL.search(found.what + found.advice)


def test_why_a_system_is_not_told_is_said_in_words(gateway: GatewayInHand) -> None:
    with gateway.app.test_request_context("/"):
        said = [push_words(error) for error in ("HTTP 503", "no answer within 10 s", "ClientConnectorError: refused")]
    assert said == [
        "Nơi nhận trả lời mã lỗi 503.", "Nơi nhận không trả lời kịp.", "Không kết nối được đến nơi nhận.",
    ]  # fmt: skip


def test_an_event_of_a_newer_version_is_not_called_by_its_code(gateway: GatewayInHand) -> None:
    with gateway.app.test_request_context("/"):
        assert event_words("application_teleported.v7") == "Thay đổi khác"


@pytest.mark.parametrize(
    ("assignee", "told"),
    [("ly", "Cán bộ nhận xử lý"), (None, "Hồ sơ trở lại hàng chờ"), ("bay", "Thay đổi cán bộ phụ trách")],
)
def test_who_takes_a_case_is_told_apart_from_who_is_given_it(
    gateway: GatewayInHand, assignee: str | None, told: str
) -> None:
    entry = {"type": "assignment_changed.v1", "actor": {"sub": "ly"}, "data": {"assignee": assignee}}
    with gateway.app.test_request_context("/"):
        assert entry_words(entry) == told
