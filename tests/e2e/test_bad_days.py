"""Bad input and bad days over HTTP: each has its code, the right status, a sentence in both languages, and no trace."""

import uuid
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from local.demo.caller import Caller, Refused
from local.demo.papers import make_paper
from shared.working_time import VIETNAM
from tests.support.stack import Stack, secret_of

WAY = "/applications"
CATALOGUE = Path(__file__).parents[2] / "services/one_stop_shop/data/procedures"
BODY: dict[str, Any] = {
    "procedure": "2.000635",
    "agency": "H13.30.01",
    "owner": {
        "name": "Nguyễn Văn An",
        "identity_number": "092090000123",
        "phone": "0912345678",
        "address": {"line": "12 Nguyễn Trãi", "commune": "Phường Ninh Kiều", "province": "Thành phố Cần Thơ"},
    },
    "content": "Xin bản sao",
    "components": [{"component": "to_khai", "originals": 1}],
}

FOUNDED_BY_A_FAMILY = {
    "procedure": "1.001612",
    "answers": {"business_name": "Tạp hóa An", "household_members": True},
    "components": [{"component": "giay_de_nghi", "originals": 1}],
}
"""Without the minutes of the family that the procedure then asks for."""


@pytest.fixture(scope="module")
def people(platform: Stack) -> Iterator[dict[str, Caller]]:
    logins = (
        "citizen-an",
        "citizen-binh",
        "reception-ninh-kieu",
        "specialist-ninh-kieu",
        "reception-hac-thanh",
        "catalogue-can-tho",
    )
    with ExitStack() as stack:
        yield {
            login: stack.enter_context(Caller(platform.base_url, login, secret_of(login), language="en"))
            for login in logins
        }


def refusal(caller: Caller, method: str, path: str, status: int, **options: Any) -> dict[str, Any]:
    """The problem in English, once it is the same refusal in Vietnamese, in other words."""
    told = {}
    for language in ("vi", "en"):
        headers = {"Idempotency-Key": uuid.uuid4().hex, "Accept-Language": language, **options.get("headers", {})}
        answer = caller.http.request(method, f"/api/v1{path}", **{**options, "headers": headers})
        assert answer.status_code == status, answer.text
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.headers["Content-Language"] == language
        told[language] = answer.json()
    assert told["vi"]["code"] == told["en"]["code"]
    assert told["vi"]["detail"] != told["en"]["detail"]
    english: dict[str, Any] = told["en"]
    return english


def codes(problem: dict[str, Any]) -> set[tuple[str, str]]:
    return {(fault["path"], fault["code"]) for fault in problem["errors"]}


@pytest.mark.parametrize(
    ("changes", "status", "code", "fault"),
    [
        ({"procedure": "9.999999"}, 422, "procedure_unknown", ("procedure", "procedure_unknown")),
        ({"agency": "H13.99.99"}, 422, None, ("agency", "agency_unknown")),
        (FOUNDED_BY_A_FAMILY, 422, "request_invalid", ("components", "component_missing")),
        (
            {"components": [{"component": "to_khai", "originals": 1}, {"component": "bia_dat", "originals": 1}]},
            422,
            "request_invalid",
            ("components.1.component", "component_unknown"),
        ),
        (
            {"components": [{"component": "to_khai", "file": "0" * 64}]},
            422,
            None,
            ("components.0.file", "file_unknown"),
        ),
        ({"owner": BODY["owner"] | {"identity_number": "12"}}, 422, None, ("owner.identity_number", None)),
        ({"quantities": {"copies": -1}}, 422, "request_invalid", ("quantities.copies", "out_of_range")),
    ],
)
def test_what_cannot_be_applied_for_is_refused_and_leaves_no_trace(
    people: dict[str, Caller],
    changes: dict[str, Any],
    status: int,
    code: str | None,
    fault: tuple[str, str | None] | None,
) -> None:
    citizen = people["citizen-an"]
    before = citizen.get(WAY)["items"]
    problem = refusal(citizen, "POST", WAY, status, json=BODY | changes)
    assert code in (None, problem["code"])
    if fault is not None:
        assert any(path == fault[0] and fault[1] in (None, named) for path, named in codes(problem)), problem
    assert citizen.get(WAY)["items"] == before


def test_a_procedure_that_is_no_longer_in_force_takes_no_application(people: dict[str, Caller]) -> None:
    definition = yaml.safe_load(next(CATALOGUE.glob("2.000635*")).read_text("utf-8"))
    today = datetime.now(VIETNAM).date()
    ended = definition | {"code": "2.990001", "effective_to": str(today - timedelta(days=1))}
    del ended["version"]
    people["catalogue-can-tho"].post("/procedures", {"definition": ended})
    problem = refusal(people["citizen-an"], "POST", WAY, 422, json=BODY | {"procedure": "2.990001"})
    assert problem["code"] == "procedure_not_in_force"

    open_today = definition | {"code": "2.990002"}
    del open_today["version"]
    editor = people["catalogue-can-tho"]
    version = editor.post("/procedures", {"definition": open_today})["version"]
    closing = f"/procedures/2.990002/versions/{version}/closing"
    refused = refusal(editor, "POST", closing, 422, json={"effective_to": str(today - timedelta(days=1))})
    assert codes(refused) == {("effective_to", "not_in_future")}
    assert editor.post(closing, {"effective_to": str(today)})["effective_to"] == str(today)
    assert people["citizen-an"].post(WAY, BODY | {"procedure": "2.990002"})["status"] == 1, "the last day counts"


def test_papers_of_the_wrong_kind_or_size_are_not_taken(people: dict[str, Caller]) -> None:
    citizen = people["citizen-an"]
    program = {"Content-Type": "application/x-msdownload", "X-File-Name": "virus.exe"}
    assert refusal(citizen, "POST", "/files", 415, content=b"MZ" + bytes(64), headers=program)["code"] == (
        "file_type_not_allowed"
    )
    disguised = {"Content-Type": "application/pdf", "X-File-Name": "to-khai.pdf"}
    mismatch = refusal(citizen, "POST", "/files", 415, content=b"MZ" + bytes(64), headers=disguised)
    assert mismatch["code"] in ("file_type_mismatch", "file_type_not_allowed")


def test_a_paper_is_downloaded_by_those_concerned_and_nobody_else(people: dict[str, Caller]) -> None:
    citizen = people["citizen-an"]
    paper = make_paper("Tờ khai", "Nguyễn Văn An")
    uploaded = citizen.upload("tờ khai.pdf", "application/pdf", paper)
    application = citizen.post(WAY, BODY | {"components": [{"component": "to_khai", "file": uploaded}]})
    path = f"{WAY}/{application['id']}/attachments/1"
    for login in ("citizen-an", "reception-ninh-kieu", "specialist-ninh-kieu"):
        assert people[login].download(path) == ("application/pdf", paper), login
    for login in ("citizen-binh", "reception-hac-thanh"):
        assert refusal(people[login], "GET", path, 404)["code"] == "application_unknown"
    assert refusal(citizen, "GET", f"{WAY}/{application['id']}/attachments/2", 404)["code"] == "attachment_unknown"
    stranger = people["citizen-binh"]
    theft = BODY | {
        "owner": BODY["owner"] | {"identity_number": "038192000456", "name": "Trần Thị Bình"},
        "components": [{"component": "to_khai", "file": uploaded}],
    }
    assert codes(refusal(stranger, "POST", WAY, 422, json=theft)) == {("components.0.file", "file_unknown")}


def test_commands_that_come_twice_late_or_from_the_wrong_person(people: dict[str, Caller]) -> None:
    citizen, reception = people["citizen-an"], people["reception-ninh-kieu"]
    key = uuid.uuid4().hex
    application = citizen.post(WAY, BODY, key=key)
    assert citizen.post(WAY, BODY, key=key) == application
    with pytest.raises(Refused) as reused:
        citizen.post(WAY, BODY | {"content": "Khác"}, key=key)
    assert (reused.value.status, reused.value.code) == (422, "idempotency_key_reused")

    receive = f"{WAY}/{application['id']}/receive"
    now = {"If-Match": f'"{application["version"]}"'}
    assert refusal(citizen, "POST", receive, 403, json={}, headers=now)["code"] == "scope_missing"
    other = refusal(people["reception-hac-thanh"], "POST", receive, 404, json={}, headers=now)
    assert other["code"] == "application_unknown"
    assert refusal(reception, "POST", receive, 428, json={})["code"] == "if_match_missing"
    assert refusal(reception, "POST", receive, 412, json={}, headers={"If-Match": '"99"'})["code"] == "version_stale"
    received = reception.act(application, "receive")
    latest = {"If-Match": f'"{received["version"]}"'}
    again = refusal(reception, "POST", receive, 409, json={}, headers=latest)
    assert again["code"] == "action_not_allowed"
    assert "“Received”" in again["detail"]


@pytest.mark.parametrize(("server", "code"), [("broker", "service_unavailable"), ("database", "database_unavailable")])
def test_a_server_that_is_away_is_told_at_once_and_the_same_request_succeeds_later(
    fault_platform: Stack, server: str, code: str
) -> None:
    key = uuid.uuid4().hex
    with Caller(fault_platform.base_url, "citizen-an", secret_of("citizen-an"), language="en") as citizen:
        fault_platform.kill(server)
        problem = refusal(citizen, "POST", WAY, 503, json=BODY, headers={"Idempotency-Key": key})
        assert problem["code"] == code
        answer = citizen.http.post("/api/v1/applications", json=BODY, headers={"Idempotency-Key": key})
        assert int(answer.headers["Retry-After"]) >= 1
        fault_platform.start(server)
        fault_platform.wait_ready()
        application = citizen.post(WAY, BODY, key=key)
        assert citizen.post(WAY, BODY, key=key) == application
        assert [one["id"] for one in citizen.get(WAY)["items"]].count(application["id"]) == 1


def test_a_service_that_does_not_answer_in_time_is_a_timeout_and_nothing_is_done_twice(fault_platform: Stack) -> None:
    key, patience = uuid.uuid4().hex, {"X-Request-Timeout": "1.5"}
    with Caller(fault_platform.base_url, "citizen-an", secret_of("citizen-an"), language="en") as citizen:
        before = len(citizen.get(WAY)["items"])
        with fault_platform.frozen("one_stop_shop"):
            problem = refusal(citizen, "POST", WAY, 504, json=BODY, headers=patience | {"Idempotency-Key": key})
        assert problem["code"] == "service_timed_out"
        application = citizen.post(WAY, BODY, key=key)
        assert citizen.post(WAY, BODY, key=key) == application
        assert len(citizen.get(WAY)["items"]) == before + 1
