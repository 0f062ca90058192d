"""Who sees what: every question, asked by everybody; nobody learns of other agencies' or people's applications."""

import io
from dataclasses import dataclass
from typing import Any

import pytest
from pypdf import PdfReader

from shared.contracts.one_stop_shop.operations import OPERATIONS
from shared.contracts.principal import Principal, Role
from shared.errors import Forbidden, NotFound
from tests.support.house import House
from tests.support.shop_in_memory import FILE
from tests.support.world import (
    CITIZEN,
    COMMUNE,
    ELSEWHERE,
    HEAD,
    OPERATOR,
    POST,
    RECEPTION,
    SPECIALIST,
    STRANGER,
    SYSTEM,
)
from tests.unit.one_stop_shop.application import journeys

EDITOR = Principal("bien-tap", "Biên tập", frozenset({Role.CATALOGUE_EDITOR}), agency="H13")
CITY = Principal("thanh-pho", "Cán bộ thành phố", frozenset({Role.SPECIALIST}), agency="H13")
ROAMING = Principal("khong-co-quan", "Không thuộc cơ quan", frozenset({Role.SPECIALIST}))
UNPROVEN = Principal("gia-danh", "Giả danh", frozenset({Role.CITIZEN}), identity=CITIZEN.identity, verified=False)
OTHER_SYSTEM = Principal("he-thong-khac", "Hệ thống khác", frozenset({Role.AGENCY_SYSTEM}), agency="H13.30.02")

EVERYBODY = {
    "citizen": CITIZEN,
    "stranger": STRANGER,
    "unproven": UNPROVEN,
    "reception": RECEPTION,
    "specialist": SPECIALIST,
    "head": HEAD,
    "system": SYSTEM,
    "elsewhere": ELSEWHERE,
    "city": CITY,
    "roaming": ROAMING,
    "editor": EDITOR,
    "operator": OPERATOR,
    "other_system": OTHER_SYSTEM,
}
OFFICERS = {"reception", "specialist", "head", "system"}
"""Those of the application's own agency."""

PERIOD = {"first_day": "2026-10-01", "last_day": "2026-10-31"}


@dataclass(frozen=True)
class Rule:
    """Who sees the application by a question, and what the others get: nothing, or one of two refusals."""

    sees: frozenset[str]
    forbidden: frozenset[str] = frozenset()
    empty: frozenset[str] = frozenset()


NO_ROLE = frozenset({"roaming", "editor", "operator"})
NO_LIST = Rule(
    sees=frozenset({"citizen", *OFFICERS}),
    forbidden=NO_ROLE,
    empty=frozenset({"stranger", "unproven", "elsewhere", "city", "other_system"}),
)
ONE = Rule(sees=frozenset({"citizen", *OFFICERS}))
RULES = {
    "list_applications": NO_LIST,
    "count_applications": NO_LIST,
    "get_application": ONE,
    "get_history": ONE,
    "verify_history": Rule(sees=ONE.sees | {"operator"}),
    "authorise_attachment": ONE,
    "authorise_result": ONE,
    "authorise_proof": ONE,
    "print_form": ONE,
    "list_notices": Rule(
        sees=frozenset({"citizen"}),
        empty=frozenset({"stranger", "unproven"}),
        forbidden=frozenset(EVERYBODY) - {"citizen", "stranger", "unproven"},
    ),
    "list_changes": Rule(
        sees=frozenset({"system"}),
        empty=frozenset({"other_system"}),
        forbidden=frozenset(EVERYBODY) - {"system", "other_system"},
    ),
    "list_register": Rule(
        sees=frozenset(OFFICERS),
        empty=frozenset({"elsewhere", "city", "other_system"}),
        forbidden=NO_ROLE | {"citizen", "stranger", "unproven"},
    ),
    "report_indicators": Rule(
        sees=frozenset({*OFFICERS, "city"}),
        empty=frozenset({"elsewhere", "other_system"}),
        forbidden=frozenset({"citizen", "stranger", "unproven", "editor", "roaming"}),
    ),
}
RULES["report_06a"] = RULES["report_indicators"]
RULES["print_register"] = RULES["list_register"]

ELSEWHERE_TESTED = {"list_drafts", "get_draft", "list_assignees"}
"""Drafts are their owner's own and are tested where they are written; who may be given work, where it is given."""


def test_every_question_that_is_not_public_has_a_rule() -> None:
    questions = {operation.name for operation in OPERATIONS if operation.verb == "GET" and not operation.public}
    assert questions == set(RULES) | ELSEWHERE_TESTED


@pytest.fixture(scope="module")
def application(house: House) -> str:
    """One application that has gone its whole way at one agency; a second one there is just submitted."""
    house.submit(CITIZEN, key="waiting")
    application = house.submit(CITIZEN, delivery=POST, components=[{"component": "to_khai", "file": FILE}])
    for action, who in (
        ("receive", RECEPTION),
        ("hand_over", RECEPTION),
        ("finish", HEAD),
        ("record_payment", RECEPTION),
        ("send_by_post", RECEPTION),
    ):
        journeys.act(house, action, application, who)
    delivered = {"state": "delivered", "receiver_name": "Nguyễn Văn An", "slip": FILE}
    journeys.act(house, "record_post_event", application, SYSTEM, **delivered)
    house.context.notices.add(
        {
            "_id": f"{application}:1",
            "application": application,
            "code": house[application]["code"],
            "type": "x",
            "title": "x",
            "text": "x",
            "at": house.now,
            "parties": house[application]["parties"],
        }
    )
    return application


@pytest.fixture(scope="module")
def requests(application: str) -> dict[str, dict[str, Any]]:
    one = {"application": application}
    return {
        **dict.fromkeys(("get_application", "get_history", "verify_history"), one),
        "authorise_attachment": one | {"attachment": "1"},
        "authorise_result": one | {"attachment": "1"},
        "authorise_proof": one | {"proof": "slip"},
        "print_form": one | {"form": "1"},
        **dict.fromkeys(("list_register", "report_indicators", "report_06a"), PERIOD),
        "print_register": PERIOD | {"format": "pdf"},
    }


@pytest.mark.parametrize("who", EVERYBODY)
@pytest.mark.parametrize("operation", RULES)
def test_only_the_right_people_see(
    house: House, application: str, requests: dict[str, dict[str, Any]], operation: str, who: str
) -> None:
    rule, principal = RULES[operation], EVERYBODY[who]
    request = requests.get(operation, {})
    if who in rule.forbidden:
        with pytest.raises(Forbidden, match="role_not_allowed"):
            house.ask(operation, principal, **request)
    elif who in rule.sees:
        assert shows(house, operation, house.ask(operation, principal, **request), application)
    elif who in rule.empty:
        answer = house.ask(operation, principal, **request)
        assert not shows(house, operation, answer, application)
        assert house[application]["code"] not in str(answer)
    elif who == "operator" and operation.startswith("report"):
        assert shows(house, operation, house.ask(operation, principal, agency=COMMUNE, **request), application)
    else:
        with pytest.raises(NotFound, match="application_unknown"):
            house.ask(operation, principal, **request)


@pytest.mark.parametrize("who", EVERYBODY)
@pytest.mark.parametrize("said", ["name", "phone", "code", "identity_number"])
def test_a_search_finds_only_what_the_list_shows(house: House, application: str, said: str, who: str) -> None:
    rule, document = RULES["list_applications"], house[application]
    text = document["code"] if said == "code" else document["owner"][said]
    if who in rule.forbidden:
        with pytest.raises(Forbidden, match="role_not_allowed"):
            house.ask("list_applications", EVERYBODY[who], q=text)
        return
    found = {row["id"] for row in house.pages("list_applications", EVERYBODY[who], q=text)}
    by_number = said == "identity_number" and who == "citizen"
    assert (application in found) == (who in rule.sees and not by_number)


def shows(house: House, operation: str, answer: Any, application: str) -> bool:
    """Whether an answer speaks of the application at all."""
    match operation:
        case "count_applications":
            return bool(answer["by_status"])
        case "report_06a":
            return bool(answer["total"]["received"])
        case "report_indicators":
            return any(indicator["denominator"] for indicator in answer["indicators"] if indicator["id"] == "2.1")
        case "print_register":
            return printed_rows(house, answer["file"]) > 0
        case "list_applications" | "list_notices" | "list_changes" | "list_register":
            return bool(answer["items"])
    return bool(answer)


def printed_rows(house: House, file: str) -> int:
    """How many applications a printed register names, by the codes in its text."""
    content = b"".join(house.context.files.store.open(file).chunks)  # type: ignore[attr-defined]  # the test's own store
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    return text.replace("\n", "").count(f"{COMMUNE}-261")


def test_an_unknown_application_and_one_out_of_reach_are_told_apart_by_nobody(house: House, application: str) -> None:
    for asked in (application, "0" * 32):
        with pytest.raises(NotFound) as refusal:
            house.ask("get_application", ELSEWHERE, application=asked)
        told = {"kind": "NotFound", "code": "application_unknown", "params": {}, "fields": []}
        assert refusal.value.to_dict() == told


def test_the_register_of_another_agency_is_refused(house: House, application: str) -> None:
    with pytest.raises(Forbidden, match="other_agency"):
        house.ask("list_register", ELSEWHERE, agency=COMMUNE, **PERIOD)
    with pytest.raises(Forbidden, match="other_agency"):
        house.ask("report_06a", ELSEWHERE, agency=COMMUNE, **PERIOD)


def test_duplicates_show_only_what_the_officer_may_see(house: House, application: str) -> None:
    waiting = next(row["id"] for row in house.pages("list_applications", RECEPTION) if row["id"] != application)
    for one, other in ((application, waiting), (waiting, application)):
        shown = house.ask("get_application", RECEPTION, application=one)["possible_duplicates"]
        assert [duplicate["application"] for duplicate in shown] == [other]
        assert house.ask("get_application", CITIZEN, application=one)["possible_duplicates"] == []


def test_following_shows_nothing_personal(house: House, application: str) -> None:
    code = house[application]["code"]
    for typed in (code, f" {code.lower()} ", code.replace("-", " - ")):
        followed = house.ask("follow_application", None, code=typed)
        assert followed["status"] == 10
        assert [moment["status"] for moment in followed["timeline"]] == [1, 2, 4, 9, 10]
    text = str(followed)
    owner = house[application]["owner"]
    for personal in (owner["name"], owner["identity_number"], owner["phone"], owner["address"]["line"], FILE):
        assert personal not in text


@pytest.mark.parametrize("code", ["", "abc", "H13.30.01-261399-0001", "H99.99-261005-0001"])
def test_following_what_is_not_there(house: House, code: str) -> None:
    with pytest.raises(NotFound, match="application_unknown"):
        house.ask("follow_application", None, code=code)
