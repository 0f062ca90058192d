"""Questions: lists by cursor, conditional answers, caching, time limits."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from shared.errors import NotFound
from tests.support.gateway import GatewayInHand
from tests.unit.gateway.conftest import RECEIPT

ROWS = [{"id": str(number)} for number in range(5)]


def pages(request: dict[str, Any]) -> dict[str, Any]:
    """A list of rows, the position being the number of the next one."""
    start = int(request["cursor"] or 0)
    stop = start + request["limit"]
    return {"items": ROWS[start:stop], "next": str(stop) if stop < len(ROWS) else None}


def test_a_list_is_read_page_by_page_through_its_links(gateway: GatewayInHand) -> None:
    gateway.bus.answers["list_applications"] = pages
    seen: list[Any] = []
    path = "/applications?limit=2&status=2&q=nguy%E1%BB%85n"
    while path:
        answer = gateway.send("GET", path, login="reception-ninh-kieu")
        assert answer.status_code == 200
        seen += answer.get_json()["items"]
        link = answer.headers.get("Link", "")
        assert bool(link) == bool(answer.get_json()["next_cursor"])
        path = link.partition(">")[0].removeprefix("</api/v1")
    assert seen == ROWS
    assert gateway.bus.last.request["q"] == "nguyễn"
    assert gateway.bus.last.request["status"] == 2
    assert gateway.bus.last.request["limit"] == 2


def cursor_of(gateway: GatewayInHand, path: str, login: str) -> str:
    link = gateway.send("GET", path, login=login).headers["Link"]
    return parse_qs(urlsplit(link[1 : link.index(">")]).query)["cursor"][0]


def test_a_cursor_fits_only_its_own_list_filters_and_caller(gateway: GatewayInHand) -> None:
    gateway.bus.answers |= {"list_applications": pages, "list_drafts": pages, "list_notices": pages}
    cursor = cursor_of(gateway, "/applications?limit=2&status=2", "citizen-an")

    def use(path: str, login: str) -> int:
        answer = gateway.send("GET", path, login=login, query_string=None)
        return answer.status_code

    assert use(f"/applications?limit=3&status=2&cursor={cursor}", "citizen-an") == 200
    assert use(f"/applications?status=3&cursor={cursor}", "citizen-an") == 422
    assert use(f"/applications?status=2&cursor={cursor}", "citizen-binh") == 422
    assert use(f"/drafts?cursor={cursor}", "citizen-an") == 422
    assert use(f"/applications?status=2&cursor={cursor[:-2]}AA", "citizen-an") == 422
    assert use("/applications?status=2&cursor=%C4%91", "citizen-an") == 422
    assert use("/applications?status=2&cursor=A", "citizen-an") == 422


@pytest.mark.parametrize(
    ("query", "path", "code"),
    [
        ("limit=0", "limit", "out_of_range"),
        ("limit=many", "limit", "not_a_number"),
        ("colour=red", "colour", "unknown_field"),
        ("status=11", "status", "out_of_range"),
        ("due=soon", "due", "not_a_choice"),
    ],
)
def test_wrong_filters_are_named(gateway: GatewayInHand, query: str, path: str, code: str) -> None:
    answer = gateway.send("GET", f"/applications?{query}", login="citizen-an")

    assert answer.status_code == 422
    assert [(error["path"], error["code"]) for error in answer.get_json()["errors"]] == [(path, code)]


def test_what_has_not_changed_is_not_sent_again(gateway: GatewayInHand) -> None:
    gateway.bus.answers["get_application"] = RECEIPT | {"version": 4}
    path = f"/applications/{RECEIPT['id']}"

    first = gateway.send("GET", path, login="citizen-an")
    same = gateway.send("GET", path, login="citizen-an", headers={"If-None-Match": '"4"'})
    weak = gateway.send("GET", path, login="citizen-an", headers={"If-None-Match": 'W/"3", W/"4"'})
    old = gateway.send("GET", path, login="citizen-an", headers={"If-None-Match": '"3"'})

    assert (first.status_code, first.headers["ETag"]) == (200, '"4"')
    assert (same.status_code, same.data, same.headers["ETag"]) == (304, b"", '"4"')
    assert weak.status_code == 304
    assert old.status_code == 200


def test_personal_answers_are_never_kept_and_public_ones_may_be(gateway: GatewayInHand) -> None:
    gateway.bus.answers |= {"get_application": RECEIPT, "get_procedure": {"code": "1.001193", "version": 1}}

    personal = gateway.send("GET", f"/applications/{RECEIPT['id']}", login="citizen-an")
    public = gateway.send("GET", "/procedures/1.001193")

    assert personal.headers["Cache-Control"] == "no-store"
    assert public.headers["Cache-Control"] == "public, no-cache"
    assert gateway.bus.last.principal is None
    assert gateway.bus.last.request == {"code": "1.001193"}


@pytest.mark.parametrize(("asked", "given"), [(None, 10.0), ("2.5", 2.5), ("600", 10.0), ("0", 0.1)])
def test_the_caller_says_how_long_to_wait_within_our_bound(
    gateway: GatewayInHand, asked: str | None, given: float
) -> None:
    gateway.bus.answers["follow_application"] = {}

    gateway.send("GET", "/follow/H13.30.01-261005-0001", headers={"X-Request-Timeout": asked or ""})

    assert gateway.bus.last.timeout == given


def test_a_time_limit_that_is_no_number_is_refused(gateway: GatewayInHand) -> None:
    answer = gateway.send("GET", "/follow/x", headers={"X-Request-Timeout": "soon"})

    assert (answer.status_code, answer.get_json()["code"]) == (400, "request_timeout_malformed")


def test_trace_and_request_id_go_through(gateway: GatewayInHand) -> None:
    gateway.bus.answers["follow_application"] = {}
    trace = "4bf92f3577b34da6a3ce929d0e0e4736"

    answer = gateway.send(
        "GET",
        "/follow/x",
        headers={"X-Request-Id": "case-2026-000123", "traceparent": f"00-{trace}-00f067aa0ba902b7-01"},
    )

    asked = gateway.bus.last
    assert answer.headers["X-Request-Id"] == asked.correlation_id == "case-2026-000123"
    assert asked.traceparent.split("-")[1] == trace
    assert asked.traceparent.split("-")[2] != "00f067aa0ba902b7"


def test_a_request_id_that_could_break_a_log_is_replaced(gateway: GatewayInHand) -> None:
    gateway.bus.answers["follow_application"] = {}

    answer = gateway.send("GET", "/follow/x", headers={"X-Request-Id": "a b\t{}", "traceparent": "nonsense"})

    assert len(answer.headers["X-Request-Id"]) == 36
    assert gateway.bus.last.traceparent.startswith("00-")


def test_only_json_is_offered(gateway: GatewayInHand) -> None:
    gateway.bus.answers["follow_application"] = {}

    def follow(accept: str) -> int:
        return gateway.send("GET", "/follow/x", headers={"Accept": accept}).status_code

    for accept in ("", "*/*", "application/json", "text/html, */*;q=0.1", "application/*"):
        assert follow(accept) == 200
    for accept in ("text/html", "application/json;q=0"):
        assert follow(accept) == 406


def test_names_in_paths_are_plain(gateway: GatewayInHand) -> None:
    gateway.bus.answers["follow_application"] = NotFound("application_unknown")

    assert gateway.send("GET", "/follow/H13.30.01-261005-0001").get_json()["code"] == "application_unknown"
    for path in ("/follow/a%20b", "/follow/%00", "/follow/" + "x" * 65, "/follow/..%2Fx", "/nothing"):
        answer = gateway.send("GET", path)
        assert (answer.status_code, answer.get_json()["code"]) == (404, "route_unknown")
    assert len(gateway.bus.asked) == 1


def test_a_wrong_verb_hears_which_ones_there_are(gateway: GatewayInHand) -> None:
    answer = gateway.send("PATCH", "/applications", login="citizen-an")

    assert (answer.status_code, answer.get_json()["code"]) == (405, "method_not_allowed")
    assert {"GET", "POST"} <= set(answer.headers["Allow"].split(", "))


def test_deleting_answers_nothing(gateway: GatewayInHand) -> None:
    gateway.bus.answers["delete_draft"] = None

    answer = gateway.send("DELETE", "/drafts/d1", login="citizen-an")

    assert (answer.status_code, answer.data) == (204, b"")
    assert gateway.bus.last.request == {"draft": "d1"}
