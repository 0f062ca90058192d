"""Commands: who may, which headers, what crosses the bus, what comes back."""

import json
import unicodedata
from typing import Any

import orjson
import pytest

from shared.contracts.conference_booking.meeting_operations import MEETING_EXAMPLE
from shared.contracts.one_stop_shop.application_operations import SUBMIT_EXAMPLE
from shared.errors import Conflict, Invalid, TimedOut, Unavailable, field_error
from tests.support.gateway import KEY, GatewayInHand
from tests.unit.gateway.conftest import RECEIPT


def test_a_submission_reaches_the_service_and_answers_where_to_read_it(gateway: GatewayInHand) -> None:
    answer = gateway.send("POST", "/applications", login="citizen-an", json=SUBMIT_EXAMPLE)

    assert answer.status_code == 201
    assert answer.get_json() == RECEIPT
    assert answer.headers["Location"] == f"/api/v1/applications/{RECEIPT['id']}"
    assert answer.headers["ETag"] == '"1"'
    asked = gateway.bus.last
    assert (asked.service, asked.method) == ("one_stop_shop", "submit_application")
    command = asked.request.pop("_command")
    assert asked.request == SUBMIT_EXAMPLE
    assert command["key"] == f"citizen-an:{KEY}"
    assert len(command["digest"]) == 64
    assert asked.principal is not None
    assert asked.principal["identity"] == "092090000123"
    assert asked.principal["roles"] == ["citizen"]


def test_the_digest_depends_on_what_is_asked_and_not_on_how_it_is_written(gateway: GatewayInHand) -> None:
    def digest(body: bytes) -> str:
        gateway.send(
            "POST", "/applications", login="citizen-an", data=body, headers={"Content-Type": "application/json"}
        )
        return str(gateway.bus.last.request["_command"]["digest"])

    spaced = orjson.dumps(dict(reversed(SUBMIT_EXAMPLE.items())), option=orjson.OPT_INDENT_2)
    assert digest(orjson.dumps(SUBMIT_EXAMPLE)) == digest(spaced)
    assert digest(orjson.dumps(SUBMIT_EXAMPLE)) != digest(orjson.dumps(SUBMIT_EXAMPLE | {"content": "khác"}))


@pytest.mark.parametrize("escaped", [False, True], ids=["as it is", "escaped"])
def test_texts_that_look_alike_are_alike(gateway: GatewayInHand, escaped: bool) -> None:
    typed = SUBMIT_EXAMPLE | {"content": unicodedata.normalize("NFD", "Nguyễn Thị Ánh đề nghị")}
    gateway.send(
        "POST",
        "/applications",
        login="citizen-an",
        data=json.dumps(typed, ensure_ascii=escaped).encode(),
        headers={"Content-Type": "application/json"},
    )
    assert gateway.bus.last.request["content"] == unicodedata.normalize("NFC", "Nguyễn Thị Ánh đề nghị")


@pytest.mark.parametrize(
    ("key", "code"),
    [
        ("", "idempotency_key_missing"),
        ("short", "idempotency_key_malformed"),
        ("có dấu cách", "idempotency_key_malformed"),
        ("x" * 129, "idempotency_key_malformed"),
    ],
)
def test_a_post_without_a_good_key_is_refused(gateway: GatewayInHand, key: str, code: str) -> None:
    answer = gateway.send(
        "POST",
        "/applications",
        login="citizen-an",
        json=SUBMIT_EXAMPLE,
        headers={"Idempotency-Key": key.encode().decode("latin-1")},
    )

    assert (answer.status_code, answer.get_json()["code"]) == (400, code)
    assert gateway.bus.asked == []


def test_a_quoted_key_is_the_same_key(gateway: GatewayInHand) -> None:
    gateway.send(
        "POST", "/applications", login="citizen-an", json=SUBMIT_EXAMPLE, headers={"Idempotency-Key": f'"{KEY}"'}
    )

    assert gateway.bus.last.request["_command"]["key"] == f"citizen-an:{KEY}"


def test_every_wrong_field_is_named_in_the_language_asked_for(gateway: GatewayInHand) -> None:
    body: dict[str, Any] = {
        **SUBMIT_EXAMPLE,
        "procedure": "khai sinh",
        "surprise": 1,
        "channel": 9,
        "components": [{"component": "to_khai", "originals": -1}, {"originals": "many"}],
        "quantities": {"copies": 5000, "Not a key": 1},
    }
    del body["agency"]

    vietnamese = gateway.send("POST", "/applications", login="citizen-an", json=body)
    english = gateway.send(
        "POST", "/applications", login="citizen-an", json=body, headers={"Accept-Language": "en-GB,en;q=0.9"}
    )

    assert vietnamese.status_code == english.status_code == 422
    assert {(error["path"], error["code"]) for error in english.get_json()["errors"]} == {
        ("procedure", "wrong_shape"),
        ("surprise", "unknown_field"),
        ("agency", "required"),
        ("channel", "not_a_choice"),
        ("components.0.originals", "out_of_range"),
        ("components.1.component", "required"),
        ("components.1.originals", "not_a_number"),
        ("quantities.copies", "out_of_range"),
        ("quantities.Not a key", "wrong_shape"),
    }
    by_path = {error["path"]: error["detail"] for error in english.get_json()["errors"]}
    assert by_path["procedure"] == "This does not have the right shape. A right one: 1.001193."
    assert by_path["channel"] == "Choose one of the values that are offered: 1, 2, 3."
    assert by_path["components.0.originals"] == "This must be between 0 and 99."
    assert english.headers["Content-Language"] == "en"
    in_vietnamese = {error["path"]: error["detail"] for error in vietnamese.get_json()["errors"]}
    assert in_vietnamese["agency"] == "Chưa nhập mục này."
    assert vietnamese.get_json()["title"] == "Dữ liệu chưa hợp lệ"
    assert gateway.bus.asked == []


def test_a_compressed_body_is_refused_by_name(gateway: GatewayInHand) -> None:
    headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    answer = gateway.send("POST", "/applications", login="citizen-an", data=b"{}", headers=headers)
    assert (answer.status_code, answer.get_json()["code"]) == (415, "content_encoding_unsupported")


@pytest.mark.parametrize(
    ("data", "kind", "status", "code"),
    [
        (b"{not json", "application/json", 400, "malformed_json"),
        (b'{"a": NaN}', "application/json", 400, "malformed_json"),
        (b"[" * 2000, "application/json", 400, "malformed_json"),
        (b"[]", "application/json", 422, "request_invalid"),
        (b"{}", "text/plain", 415, "content_type_unsupported"),
        (b"x" * 20_001, "application/json", 413, "body_too_large"),
    ],
)
def test_a_body_that_cannot_be_read_is_refused(
    gateway: GatewayInHand, data: bytes, kind: str, status: int, code: str
) -> None:
    answer = gateway.send("POST", "/applications", login="citizen-an", data=data, headers={"Content-Type": kind})

    assert (answer.status_code, answer.get_json()["code"]) == (status, code)
    assert answer.mimetype == "application/problem+json"
    assert gateway.bus.asked == []


def test_an_action_needs_the_version_that_was_seen(gateway: GatewayInHand) -> None:
    gateway.bus.answers["receive_application"] = RECEIPT
    path = f"/applications/{RECEIPT['id']}/receive"

    def receive(**headers: str) -> tuple[int, str]:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        answer = gateway.send("POST", path, login="reception-ninh-kieu", json={}, headers=sent)
        return answer.status_code, answer.get_json().get("code", "")

    assert receive() == (428, "if_match_missing")
    assert receive(If_Match='W/"3"') == (412, "if_match_weak")
    assert receive(If_Match="*") == (400, "if_match_malformed")
    assert receive(If_Match='"3", "4"') == (400, "if_match_malformed")
    assert gateway.bus.asked == []
    assert receive(If_Match='"3"') == (200, RECEIPT["code"])
    assert gateway.bus.last.request["_version"] == 3
    assert gateway.bus.last.request["application"] == RECEIPT["id"]


def test_an_action_without_a_body_needs_none(gateway: GatewayInHand) -> None:
    gateway.bus.answers["claim_application"] = RECEIPT

    answer = gateway.send(
        "POST", f"/applications/{RECEIPT['id']}/claim", login="specialist-ninh-kieu", headers={"If-Match": '"2"'}
    )

    assert answer.status_code == 200


def test_what_the_service_refuses_is_told_as_it_is(gateway: GatewayInHand) -> None:
    gateway.bus.answers["submit_application"] = Invalid(
        "request_invalid", fields=[field_error("components.0.file", "file_unknown")]
    )

    answer = gateway.send("POST", "/applications", login="citizen-an", json=SUBMIT_EXAMPLE)

    assert answer.status_code == 422
    assert answer.get_json()["errors"] == [
        {
            "path": "components.0.file",
            "code": "file_unknown",
            "detail": "Không tìm thấy tệp này trong các tệp bạn đã tải lên.",
        }
    ]


def test_a_refusal_carries_what_clashes_and_what_is_free_instead(gateway: GatewayInHand) -> None:
    clashes = [{"session": 1, "endpoints": ["th-05"]}]
    free = [{"starts": "2026-12-07T10:15", "minutes_moved": 135}]
    gateway.bus.answers["request_meeting"] = Conflict(
        "resources_taken_free_then", count=1, starts=["2026-12-07 10:15"], clashes=clashes, alternatives=free
    )

    answer = gateway.send("POST", "/conferences/meetings", login="clerk-hac-thanh", json=MEETING_EXAMPLE)

    assert answer.status_code == 409
    problem = answer.get_json()
    assert (problem["clashes"], problem["alternatives"]) == (clashes, free)
    assert "2026-12-07 10:15" in problem["detail"]
    assert not {"count", "starts"} & problem.keys(), "other figures are for the sentence only"


def test_a_state_that_forbids_is_a_conflict(gateway: GatewayInHand) -> None:
    gateway.bus.answers["receive_application"] = Conflict(
        "action_not_allowed", action="receive", status=9, status_name={"vi": "Đã xử lý xong", "en": "Finished"}
    )

    answer = gateway.send(
        "POST",
        f"/applications/{RECEIPT['id']}/receive",
        login="reception-ninh-kieu",
        json={},
        headers={"If-Match": '"3"'},
    )

    assert answer.status_code == 409
    assert "“Đã xử lý xong”" in answer.get_json()["detail"]


def test_services_that_are_away_or_slow_say_when_to_come_back(gateway: GatewayInHand) -> None:
    gateway.bus.answers["submit_application"] = Unavailable("service_unavailable")
    away = gateway.send("POST", "/applications", login="citizen-an", json=SUBMIT_EXAMPLE)
    gateway.bus.answers["submit_application"] = TimedOut("service_timed_out")
    slow = gateway.send("POST", "/applications", login="citizen-an", json=SUBMIT_EXAMPLE)

    assert (away.status_code, away.headers["Retry-After"]) == (503, "2")
    assert slow.status_code == 504
    assert "Idempotency-Key" in slow.get_json()["detail"]


def test_a_defect_is_answered_without_its_details(gateway: GatewayInHand) -> None:
    def fail(_: dict[str, Any]) -> None:
        raise KeyError("secret detail")

    gateway.bus.answers["submit_application"] = fail
    answer = gateway.send("POST", "/applications", login="citizen-an", json=SUBMIT_EXAMPLE)

    assert (answer.status_code, answer.get_json()["code"]) == (500, "internal_error")
    assert b"secret detail" not in answer.data
    assert answer.get_json()["request_id"] == answer.headers["X-Request-Id"]


@pytest.mark.parametrize("body", ['{"content": "a", "content": "b"}', '{"owner": {"name": "a", "n": 1, "name": "b"}}'])
def test_a_name_that_stands_twice_is_refused(gateway: GatewayInHand, body: str) -> None:
    answer = gateway.send(
        "POST", "/applications", login="citizen-an", data=body, headers={"Content-Type": "application/json"}
    )
    assert (answer.status_code, answer.get_json()["code"]) == (400, "name_repeated")
    assert gateway.bus.asked == []


def test_a_filter_that_is_given_twice_is_refused(gateway: GatewayInHand) -> None:
    answer = gateway.send("GET", "/applications?status=2&status=3", login="citizen-an")
    assert answer.status_code == 422
    assert [(wrong["path"], wrong["code"]) for wrong in answer.get_json()["errors"]] == [("status", "repeated")]
    assert gateway.bus.asked == []
