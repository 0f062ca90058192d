"""From the directory to the desks: who is appointed is given work, who leaves hands it on and may do nothing more."""

import time
import uuid
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from local.demo.caller import Caller, Refused
from local.demo.documents import ASSIGNMENT, LETTER, Correspondence
from local.demo.documents import PEOPLE as DOCUMENT_PEOPLE
from local.demo.papers import make_paper
from local.demo.people import PEOPLE
from tests.e2e.main_journey import Journey
from tests.support.running import eventually
from tests.support.stack import Stack, secret_of

WARD, DEPARTMENT = "H13.30.01", "H13.17"
WHY = "Quyết định số 12/QĐ-UBND"
EXTRA = {"directory": "directory-can-tho", "directory_th": "directory-thanh-hoa", "elsewhere": "specialist-hac-thanh"}


@pytest.fixture(scope="module")
def people(platform: Stack) -> Iterator[dict[str, Caller]]:
    logins = {**PEOPLE, **DOCUMENT_PEOPLE, **EXTRA}
    with ExitStack() as stack:
        yield {
            part: stack.enter_context(Caller(platform.base_url, login, secret_of(login)))
            for part, login in logins.items()
        }


def appoint(people: dict[str, Caller], name: str, *agencies: str) -> tuple[str, str]:
    """A new officer with a specialist's post at each agency: their id and account."""
    account = f"e2e-{uuid.uuid4().hex[:12]}"
    first, *further = [
        {"agency": agency, "title": "Chuyên viên", "roles": ["specialist"], "starts_on": "2025-07-01"}
        for agency in agencies
    ]
    body = {"name": name, "account": account, "reason": WHY, "post": first, "sample": True}
    officer = str(people["directory"].post("/directory/officers", body)["id"])
    for post in further:
        people["directory"].post(f"/directory/officers/{officer}/posts", {"post": post, "reason": WHY}, version=1)
    return officer, account


def leave(caller: Caller, officer: str, **more: Any) -> None:
    version = caller.get(f"/directory/officers/{officer}")["version"]
    body = {"cause": "resigned", "last_day": "2026-01-31", "reason": WHY, **more}
    caller.post(f"/directory/officers/{officer}/leave", body, version=version)


def patiently(act: Any) -> Any:
    """What an appointment makes possible, once the copies have heard of it."""

    def attempt() -> Any:
        try:
            return act()
        except Refused as refused:
            wrong = {error["code"] for error in refused.problem.get("errors", ())}
            if not wrong & {"officer_unknown", "officer_elsewhere"}:
                raise
        return None

    return eventually(attempt, "the appointed officer can be given work")


def refusal(act: Any) -> tuple[int, set[tuple[str, str]]]:
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.status, {(one["path"], one["code"]) for one in refused.value.problem["errors"]}


@pytest.fixture
def journey(platform: Stack, people: dict[str, Caller]) -> Journey:
    """An application that was received and waits to be handed over."""
    journey = Journey(platform, people)
    journey.submit(answers={"business_name": f"Quán {time.time_ns()}"})
    journey.do("reception", "exempt-payment", 1, ground="Nghị quyết 05/2024/NQ-HĐND")
    journey.do("reception", "receive", 2)
    return journey


def shown(people: dict[str, Caller], journey: Journey, assignee: str | None) -> dict[str, Any]:
    path = f"/applications/{journey.application['id']}"
    view: dict[str, Any] = people["head"].wait_for(path, lambda view: view["assignee"] == assignee)
    return view


def test_who_is_appointed_is_given_applications_and_documents_and_hands_both_on_when_they_leave(
    people: dict[str, Caller], journey: Journey
) -> None:
    officer, account = appoint(people, "Lý Thị Thử Việc", WARD, DEPARTMENT)
    patiently(lambda: journey.do("reception", "hand-over", 4, assignee=account, note=""))
    assert shown(people, journey, account)["assignee_name"] == "Lý Thị Thử Việc"
    letters = Correspondence(people)
    letter = letters.write("ward", LETTER, make_paper("Lấy ý kiến"))
    arrival = letters.incoming("department_clerk", letter["code"])
    arrival = letters.act("department_clerk", "arrivals", arrival, "register")
    lead = ASSIGNMENT | {"lead": {"unit": "Phòng Quy hoạch", "officer": account}}
    arrival = patiently(lambda: letters.act("department_leader", "arrivals", arrival, "assign", **lead))
    path = f"/arrivals/{arrival['id']}"
    assert people["department_leader"].get(path)["lead"]["officer_name"] == "Lý Thị Thử Việc"
    free = people["head"].get("/applications/counts")["unclaimed"]
    to_assign = people["department_leader"].get("/arrivals/counts")["to_assign"]

    leave(people["directory"], officer)
    shown(people, journey, None)
    waiting = people["department_leader"].wait_for(path, lambda view: view["status"] == "03")
    assert waiting["lead"] == {"unit": "Phòng Quy hoạch", "officer": None, "officer_name": None}
    assert people["head"].get("/applications/counts")["unclaimed"] == free + 1
    assert people["department_leader"].get("/arrivals/counts")["to_assign"] == to_assign + 1
    for caller, aggregate, event in (
        ("head", f"/applications/{journey.application['id']}", "assignment_changed.v1"),
        ("department_leader", path, "document_handed_on.v1"),
    ):
        history = people[caller].get(f"{aggregate}/history", limit=200)["items"]
        told = [entry for entry in history if entry["type"] == event]
        assert [entry["actor"]["role"] for entry in told] == ["system"]
        assert told[0]["reason"].startswith("Lý Thị Thử Việc không còn giữ chức vụ")
        assert people[caller].get(f"{aggregate}/history/verification")["intact"]
    journey.application = people["head"].get(f"/applications/{journey.application['id']}")
    journey.do("specialist", "claim", 4)
    assert refusal(lambda: journey.do("head", "assign", 4, assignee=account)) == (
        422,
        {("assignee", "officer_not_in_post")},
    )


def test_a_named_successor_takes_over(people: dict[str, Caller], journey: Journey) -> None:
    officer, account = appoint(people, "Người Chuyển Đi", WARD)
    patiently(lambda: journey.do("reception", "hand-over", 4, assignee=account, note=""))
    heir, heirs_account = appoint(people, "Người Tiếp Nhận", WARD)
    assert refusal(lambda: leave(people["directory"], officer, successor=officer)) == (
        422,
        {("successor", "successor_not_in_post")},
    )
    leave(people["directory"], officer, successor=heir)
    assert shown(people, journey, heirs_account)["assignee_name"] == "Người Tiếp Nhận"


def test_nobody_of_another_agency_is_given_work_under_any_name(people: dict[str, Caller], journey: Journey) -> None:
    given = {"assignee": "specialist-hac-thanh", "assignee_name": "Ai Cũng Được", "note": ""}
    assert refusal(lambda: journey.do("reception", "hand-over", 4, **given)) == (
        422,
        {("assignee", "officer_elsewhere")},
    )
    given = {"assignee": "specialist-ninh-kieu", "assignee_name": "Ai Cũng Được", "note": ""}
    assert refusal(lambda: journey.do("reception", "hand-over", 4, **given)) == (
        422,
        {("assignee_name", "officer_name_differs")},
    )


def test_rights_end_with_the_post_and_not_with_the_token(people: dict[str, Caller]) -> None:
    admin, officer = people["directory_th"], people["elsewhere"]
    found = admin.get("/directory/officers", q="vu minh khang", agency="H56.30.01")["items"][0]["id"]
    assert officer.get("/applications")["items"] is not None

    def codes() -> set[str]:
        answers = [officer.http.get(f"/api/v1{path}") for path in ("/applications", "/arrivals", "/directory/officers")]
        return {answer.json().get("code", "allowed") for answer in answers}

    leave(admin, found)
    try:
        eventually(lambda: codes() == {"post_not_held"}, "the token is worth nothing in any service")
    finally:
        version = admin.get(f"/directory/officers/{found}")["version"]
        post = {"agency": "H56.30.01", "title": "Chuyên viên địa chính", "roles": ["specialist"]}
        admin.post(f"/directory/officers/{found}/posts", {"post": post, "reason": WHY}, version=version)
    eventually(lambda: codes() == {"allowed"}, "who is appointed again may act again")
