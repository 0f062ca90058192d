"""The rules of packages and subscriptions, the chain of the message log, and which addresses may be called."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.document_routing.adapters.targets import PublicTargets
from services.document_routing.domain import package as p
from services.document_routing.domain import subscription as s
from services.document_routing.domain.actors import CLOCKWORK
from services.document_routing.domain.agencies import Directory
from services.document_routing.domain.aggregate import Decision, Occasion
from services.document_routing.domain.document_types import DocumentTypes
from services.document_routing.ports_exchange import UnsafeTarget
from services.document_routing.usecases.chain import breaks, link
from services.document_routing.usecases.changes import DERIVED
from services.document_routing.usecases.exchange_pause import pause_by_itself
from shared.errors import Conflict
from shared.history import ASIDE, verify
from shared.working_time import WorkingTime

NOW = datetime(2026, 10, 5, 1, 0, tzinfo=UTC)
OCCASION = Occasion(NOW, CLOCKWORK, Directory(()), DocumentTypes(()), WorkingTime())
FILE = {"id": "ab" * 32, "sha256": "ab" * 32, "size": 10}

Package = dict[str, Any]


def after(package: Package, decision: Decision | None) -> Package:
    """The package after a decision, with what is due then."""
    assert decision is not None
    return {**package, **p.settle(package, decision.changes, OCCASION)}


def prepared(mode: str = "system") -> Package:
    return after({}, p.prepare({"mode": mode, "business": 0}, OCCASION))


def offered(mode: str = "system") -> Package:
    return after(prepared(mode), p.make_ready(prepared(mode), FILE, 1))


def test_a_package_goes_from_preparation_to_the_end() -> None:
    package = prepared()
    assert [work["kind"] for work in package["due_work"]] == ["compose"]
    package = offered()
    assert (package["status"], package["offered"], package["due_work"]) == ("initial", True, [])
    assert p.make_ready(package, FILE, 2) is None, "written once"
    package = after(package, p.fetch(package, OCCASION))
    assert (package["status"], package["offered"]) == ("processing", True)
    assert p.fetch(package, OCCASION) is None, "only the first time is news"
    package = after(package, p.acknowledge(package, OCCASION, "done", ""))
    assert (package["status"], package["offered"]) == ("done", False)
    assert p.acknowledge(package, OCCASION, "done", "") is None


def test_what_is_not_offered_cannot_be_taken() -> None:
    withdrawn = after(offered(), p.withdraw(offered()))
    assert withdrawn["offered"] is False
    refused: list[Callable[[], Any]] = [
        lambda: p.fetch(prepared(), OCCASION),
        lambda: p.fetch(withdrawn, OCCASION),
        lambda: p.acknowledge(withdrawn, OCCASION, "done", ""),
        lambda: p.acknowledge(after(offered(), p.acknowledge(offered(), OCCASION, "done", "")), OCCASION, "fail", ""),
    ]
    for act in refused:
        with pytest.raises(Conflict, match="package_not_offered"):
            act()
    fetched = after(offered(), p.fetch(offered(), OCCASION))
    assert p.withdraw(fetched) is None, "what somebody has can only be recalled"


def test_another_exchange_is_tried_for_a_day() -> None:
    package, moment, waited = offered("outside"), NOW, timedelta()
    assert [work["kind"] for work in package["due_work"]] == ["send_outside"]
    while (later := p.put_off(package, moment, "away")) is not None:
        package = {**package, **p.settle(package, later, OCCASION)}
        waited += package["retry_at"] - moment
        moment = package["retry_at"]
        assert package["due_work"] == [{"kind": "send_outside", "at": moment}]
    assert timedelta(hours=20) < waited <= timedelta(hours=24)


def subscription(**changes: Any) -> dict[str, Any]:
    content = {"url": "https://x.example.vn/", "kinds": [], "secret": "whsec_x"}
    decided = s.subscribe(content, OCCASION).changes
    return {"_id": "sub", "version": 1, "head": "h", **decided, **changes}


def test_failures_in_a_row_make_longer_pauses_and_end_in_a_pause_by_itself() -> None:
    health, moment, pauses = subscription(), NOW, []
    while not s.is_hopeless(health, moment):
        health = {**health, **s.after_failure(health, moment, "no answer")}
        pauses.append(health["not_before"] - moment)
        moment = health["not_before"]
    assert pauses == sorted(pauses)
    assert moment - NOW == s.GIVE_UP_AFTER == sum(s.RETRY_AFTER, timedelta())
    assert health["patient"], "served apart from those that answer"

    paused = pause_by_itself(health, "không có phản hồi", moment)
    assert paused is not None
    changes, entry = paused
    assert (changes["status"], entry["type"]) == ("paused", "subscription_paused.v1")
    assert entry["data"]["automatic"] is True
    assert entry["data"]["failing_since"] == NOW.isoformat()
    assert verify("sub", [entry], version=1, head=entry["hash"]) is not None, "it follows the first entry"
    assert pause_by_itself({**health, **changes}, "", moment) is None


def test_one_good_answer_makes_well() -> None:
    failed = {**subscription(), **s.after_failure(subscription(), NOW, "HTTP 500")}
    well = {**failed, **s.after_success(NOW, timedelta(milliseconds=50))}
    assert (well["failures"], well["failing_since"], well["patient"]) == (0, None, False)
    assert s.after_success(NOW, timedelta(seconds=3))["patient"], "who is slow waits among the slow"


def test_a_subscription_is_paused_resumed_and_closed_by_people() -> None:
    active = subscription()
    pause = s.pause(active, "bảo trì", automatic=False)
    assert pause is not None
    assert pause.data == {"automatic": False, "failing_since": None}
    paused = {**active, **pause.changes}
    assert s.pause(paused, "", automatic=False) is None
    resumed = s.resume(paused, "")
    assert resumed is not None
    assert resumed.changes["status"] == "active"
    assert s.resume(active, "") is None
    closing = s.close(active, "")
    assert closing is not None
    closed = {**active, **closing.changes}
    assert s.close(closed, "") is None
    for act in (lambda: s.pause(closed, "", automatic=True), lambda: s.resume(closed, "")):
        with pytest.raises(Conflict, match="subscription_closed"):
            act()


HOPS = st.lists(st.fixed_dictionaries({"hop": st.text(max_size=5), "at": st.just(NOW)}), min_size=1, max_size=8)


def chained(hops: list[dict[str, Any]]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for number, hop in enumerate(hops, start=1):
        rows.append(link("doc", number, rows[-1]["hash"] if rows else "", hop))
    return rows


@given(HOPS, st.data())
def test_whatever_is_altered_in_a_log_is_named(hops: list[dict[str, Any]], data: st.DataObject) -> None:
    rows = chained(hops)
    head = rows[-1]["hash"]
    assert list(breaks("doc", rows, len(rows), head)) == []

    number = data.draw(st.integers(0, len(rows) - 1))
    field = data.draw(st.sampled_from(["hop", "prev", "hash"]))
    altered = [*rows[:number], {**rows[number], field: rows[number][field] + "x"}, *rows[number + 1 :]]
    assert (number + 1, "altered") in list(breaks("doc", altered, len(rows), head))

    removed = [*rows[:number], *rows[number + 1 :]]
    assert list(breaks("doc", removed, len(rows), head)) != []
    rebuilt = chained([*hops[:number], {"hop": "another hop", "at": NOW}, *hops[number + 1 :]])
    assert list(breaks("doc", rebuilt, len(rows), head)) == [(len(rows), "altered")]
    assert list(breaks("another", rows, len(rows), head)) == [(1, "out_of_place")]


@pytest.mark.parametrize(
    "url",
    [
        "http://qlvb.example.vn/hook",
        "ftp://qlvb.example.vn/",
        "https://localhost/",
        "https://mongo:27017/",
        "https://rabbitmq.internal/",
        "https://service.namespace.svc/",
        "https://127.0.0.1/",
        "https://10.0.0.8/",
        "https://192.168.1.1/",
        "https://169.254.169.254/latest/meta-data/",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[64:ff9b::7f00:1]/",
        "https://[2002:7f00:1::]/",
        "https://[fd00::1]/",
        "https://[::127.0.0.1]/",
        "https://[64:ff9b:1::7f00:1]/",
        "https://[fec0::1]/",
        "https://192.0.0.192/",
        "https://192.88.99.1/",
        "https://224.0.0.1/",
        "https://100.64.0.1/",
        "https://0.0.0.0/",
        "https://2130706433/",
        "https://127.1/",
        "https://0x7f.1/",
        "https://8.8.8/",
        "https://localhost./",
        "https://127.0.0.1./",
        "https://a.svc.cluster.local./",
        "https://metadata.google.internal./",
        "https://user:password@qlvb.example.vn/",
        "https:///hook",
        "https://qlvb.example.vn:99999/",
        "qlvb.example.vn",
    ],
)
def test_inner_addresses_are_not_called(url: str) -> None:
    with pytest.raises(UnsafeTarget):
        PublicTargets().check(url)


def test_public_addresses_are_called_and_the_setting_opens_the_rest() -> None:
    for url in (
        "https://qlvb.example.vn/hook",
        "https://qlvb.example.vn./",
        "https://1.1.1.1/",
        "https://[2606:4700::1111]:8443/",
    ):
        PublicTargets().check(url)
    PublicTargets(anything=True).check("http://127.0.0.1:8000/")
    with pytest.raises(UnsafeTarget):
        PublicTargets(anything=True).check("http://user:password@127.0.0.1/")


def test_a_name_that_resolves_to_an_inner_address_is_not_called() -> None:
    for address in ("127.0.0.1", "10.1.2.3", "::1", "fe80::1%eth0"):
        with pytest.raises(UnsafeTarget):
            PublicTargets().check_address(address)
    PublicTargets().check_address("8.8.8.8")


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("https://qlvb.example.vn:99999/", "webhook_target_malformed"),
        ("https://127.1/", "webhook_target_malformed"),
        ("https://user:password@qlvb.example.vn/", "webhook_target_with_password"),
        ("https://localhost./", "webhook_target_refused"),
        ("https://localhost../", "webhook_target_malformed"),
        ("https://qlvb.example.vn.../", "webhook_target_malformed"),
        ("https://qlvb..example.vn/", "webhook_target_malformed"),
        ("https://./", "webhook_target_malformed"),
        ("https://localhost\u3002/", "webhook_target_refused"),
        ("https://LOCALHOST\uff61/", "webhook_target_refused"),
        ("https://kho\u3002local/", "webhook_target_refused"),
        ("https://127\u30020\u30020\u30021/", "webhook_target_refused"),
        ("https://\uff11\uff12\uff17.0.0.1/", "webhook_target_refused"),
    ],
)
def test_who_subscribes_is_told_what_is_wrong_with_the_address(url: str, code: str) -> None:
    with pytest.raises(UnsafeTarget) as refused:
        PublicTargets().check(url)
    assert refused.value.code == code


def test_what_is_outside_the_proof_is_told_by_name() -> None:
    page = (Path(__file__).parents[3] / "docs/how-to/connect-an-agency-system.md").read_text(encoding="utf-8")
    outside = (ASIDE | DERIVED) - {"version", "head", "history"}
    assert {name for name in outside if f"`{name}`" not in page} == set()
