"""Who may do and see what: every operation, asked by everybody; nobody reaches beyond their own agency."""

from typing import Any

import pytest

from services.email_provisioning.adapters.tables import CSV
from shared.contracts.email_provisioning.operations import OPERATIONS
from shared.contracts.principal import Principal, Role
from shared.errors import Error
from tests.support.directory import ADMIN, CITIZEN, ELSEWHERE, OPERATOR, SPECIALIST, WARD_ADMIN, DirectoryWorld

SYSTEM = Principal("he-thong", "Hệ thống", frozenset({Role.AGENCY_SYSTEM}), agency="H13.30.01")
NEIGHBOUR = Principal("phuong-khac", "Phường khác", frozenset({Role.DIRECTORY_ADMINISTRATOR}), agency="H13.30.02")
ROAMING = Principal("khong-co-quan", "Không cơ quan", frozenset({Role.DIRECTORY_ADMINISTRATOR}))
EVERYBODY = {
    "city": ADMIN,
    "ward": WARD_ADMIN,
    "specialist": SPECIALIST,
    "system": SYSTEM,
    "neighbour": NEIGHBOUR,
    "elsewhere": ELSEWHERE,
    "operator": OPERATOR,
    "roaming": ROAMING,
    "citizen": CITIZEN,
}
SEEN, EMPTY, UNKNOWN = "seen", "empty", "unknown"
ROLE, OTHER = "role_not_allowed", "other_agency"

READS = {
    "city": SEEN,
    "ward": SEEN,
    "specialist": SEEN,
    "system": SEEN,
    "neighbour": UNKNOWN,
    "elsewhere": UNKNOWN,
    "operator": SEEN,
    "roaming": ROLE,
    "citizen": ROLE,
}
"""Whoever asks for something of the ward H13.30.01."""

LISTS = READS | {"neighbour": EMPTY, "elsewhere": EMPTY}
CHANGES = READS | {"specialist": ROLE, "system": ROLE}
PEOPLE = {"operator": ROLE}
PRIVATE = PEOPLE | {"specialist": ROLE, "system": ROLE}
OWN = dict.fromkeys(EVERYBODY, EMPTY) | {"ward": SEEN}
"""An import belongs to whoever started it."""

RULES: dict[str, dict[str, str]] = {
    "find_agencies": LISTS,
    "read_agency": READS,
    "resolve_agency": dict.fromkeys(EVERYBODY, SEEN),
    "read_agency_history": READS,
    "verify_agency_history": READS,
    "register_agency": CHANGES | {"ward": SEEN, "neighbour": OTHER, "elsewhere": OTHER, "roaming": OTHER},
    "change_agency": CHANGES,
    "close_agency": CHANGES,
    "open_unit": CHANGES,
    "change_unit": CHANGES,
    "find_officers": LISTS | PEOPLE,
    "read_officer": READS | PEOPLE,
    "read_officer_history": READS | PRIVATE,
    "verify_officer_history": READS | PRIVATE,
    "appoint_officer": CHANGES | PRIVATE | {"neighbour": OTHER, "elsewhere": OTHER, "roaming": OTHER},
    "give_post": CHANGES | PRIVATE,
    "move_officer": CHANGES | PRIVATE,
    "end_post": CHANGES | PRIVATE,
    "record_leaving": CHANGES | PRIVATE,
    "change_officer": CHANGES | PRIVATE,
    "start_import": dict.fromkeys(EVERYBODY, ROLE)
    | dict.fromkeys(("city", "neighbour", "elsewhere", "roaming"), UNKNOWN)
    | {"ward": SEEN},
    "list_imports": OWN,
    "read_import": OWN | dict.fromkeys(set(EVERYBODY) - {"ward"}, UNKNOWN),
    "list_import_rows": OWN | dict.fromkeys(set(EVERYBODY) - {"ward"}, UNKNOWN),
}
WHY = "QĐ 1"
TABLE = "Mã cán bộ,Họ và tên,Mã cơ quan,Chức vụ\nCT-9,Lê Văn Chín,H13.30.01,Văn thư\n".encode()


def test_every_operation_has_its_rule() -> None:
    assert set(RULES) == {operation.name for operation in OPERATIONS if operation.tag == "directory"}
    assert all(set(rule) == set(EVERYBODY) for rule in RULES.values())


@pytest.fixture(scope="module")
def subjects(world: DirectoryWorld) -> dict[str, str]:
    """An officer with two posts and an import of the ward's, and a ward below the ward to act on."""
    officer = world.appoint("H13.30.01", name="Nguyễn Thị Lan", number="CT-1")
    file = world.put(TABLE, name="b.csv", kind=CSV, owner=WARD_ADMIN)
    started = world.run_import(WARD_ADMIN, kind="officers", file=file, dry_run=True)
    world.tell("open_unit", ADMIN, agency="H13.30.01", code="van_phong", name={"vi": "Văn phòng", "en": "Office"})
    return {"officer": officer, "import": started["id"], "file": file}


def body(operation: str, number: int) -> dict[str, Any]:
    """What a command says; each call says something new."""
    name = {"vi": f"Tổ {number}", "en": f"Team {number}"}
    post = {"agency": "H13.30.01", "title": f"Chức vụ {number}"}
    return {
        "register_agency": {
            "code": f"H13.30.01.{number:02d}",
            "name": name,
            "level": "commune",
            "kind": "public_service_unit",
            "closed_on": "2026-01-31",
        },
        "change_agency": {"phone": str(number), "reason": WHY},
        "close_agency": {"closed_on": f"20{30 + number}-01-01", "successors": [], "reason": WHY},
        "open_unit": {"code": f"to_{number}", "name": name},
        "change_unit": {"name": name, "reason": WHY},
        "appoint_officer": {"name": "Trần Văn Mới", "post": post, "reason": WHY},
        "give_post": {"post": post, "reason": WHY},
        "move_officer": {"post": post, "reason": WHY},
        "record_leaving": {"cause": "retired", "last_day": "2036-01-01", "reason": WHY},
        "change_officer": {"phone": f"09{number:08d}", "reason": WHY},
    }.get(operation, {})


def attempt(world: DirectoryWorld, subjects: dict[str, str], operation: str, who: str) -> str:
    """What comes of an operation."""
    row = next(known for known in OPERATIONS if known.name == operation)
    names = {"agency": "H13.30.01", "unit": "van_phong", "officer": subjects["officer"], "import": subjects["import"]}
    request: dict[str, Any] = {name: value for name, value in names.items() if f"{{{name}}}" in row.path}
    number = 1 + list(EVERYBODY).index(who)
    principal = EVERYBODY[who]
    if operation == "start_import":
        request |= {"kind": "officers", "file": subjects["file"]}
    if operation == "end_post":
        given = {"agency": "H13.30.01", "title": f"Kiêm nhiệm {number}", "starts_on": f"2027-01-{number:02d}"}
        world.tell("give_post", ADMIN, officer=subjects["officer"], post=given, reason=WHY)
        last = world.ask("read_officer", ADMIN, officer=subjects["officer"])["posts"][-1]["number"]
        request |= {"post": last, "last_day": "2026-11-23", "reason": WHY}
    try:
        if row.verb == "POST":
            world.tell(operation, principal, **request, **body(operation, number))
            return SEEN
        answer = world.ask(operation, principal, **request)
    except Error as error:
        return UNKNOWN if error.kind == "NotFound" else error.code
    if not row.paged:
        return SEEN
    mine = {"H13.30.01", subjects["officer"], subjects["import"]}
    of_one = operation.endswith(("_history", "_rows"))
    shown = any(of_one or mine & {item.get("code"), item.get("id")} for item in answer["items"])
    return SEEN if shown else EMPTY


@pytest.mark.parametrize("who", EVERYBODY)
@pytest.mark.parametrize("operation", RULES)
def test_what_comes_of_an_operation(world: DirectoryWorld, subjects: dict[str, str], operation: str, who: str) -> None:
    assert attempt(world, subjects, operation, who) == RULES[operation][who]


def test_a_search_beyond_the_own_agency_finds_nothing(world: DirectoryWorld, subjects: dict[str, str]) -> None:
    for principal in (NEIGHBOUR, ELSEWHERE):
        for asked in ({"q": "lan"}, {"q": "CT-1"}, {"role": "specialist"}, {"left": True}):
            assert world.pages("find_officers", principal, **asked) == []
        for asked in ({"q": "ninh kieu"}, {"q": "H13.30.01"}, {"q": "001.30.00.H13"}, {"closed": True, "q": "ninh"}):
            assert world.pages("find_agencies", principal, **asked) == []
