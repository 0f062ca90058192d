"""Many administrators at the same moment: each command has its effect once, and one of two rivals wins."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from services.email_provisioning.adapters.tables import CSV
from services.email_provisioning.usecases import imports
from shared.errors import Error
from shared.history import verify
from tests.support.directory import ADMIN, OPERATOR, DirectoryWorld

AT_ONCE = 12
WHY = "QĐ 1"


def together(act: Callable[[int], Any]) -> Counter[str]:
    """What came of the same act, done by many at once: `done`, or the code of the refusal."""

    def attempt(number: int) -> str:
        try:
            act(number)
        except Error as error:
            return error.code
        return "done"

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return Counter(pool.map(attempt, range(AT_ONCE)))


def test_an_identifier_goes_to_one_agency(world: DirectoryWorld) -> None:
    def register(number: int) -> None:
        world.register(f"H13.5{number:02d}", parent="H13", legacy_codes=["000.00.50.H13"])

    assert together(register) == {"done": 1, "agency_known": AT_ONCE - 1}


def test_of_rivals_who_saw_the_same_version_one_wins(world: DirectoryWorld) -> None:
    officer = world.appoint("H13.06")

    def move(number: int) -> None:
        post = {"agency": "H13.30.01", "title": f"Chức vụ {number}"}
        world.tell("move_officer", ADMIN, officer=officer, post=post, reason=WHY, _version=1)

    assert together(move) == {"done": 1, "version_stale": AT_ONCE - 1}
    assert len(world.ask("read_officer", ADMIN, officer=officer)["posts"]) == 2


def test_one_command_sent_many_times_has_one_effect(world: DirectoryWorld) -> None:
    answers: list[Any] = []
    body = {"name": "Người Một Lần", "reason": WHY, "post": {"agency": "H13.06", "title": "Văn thư"}}
    assert together(lambda _: answers.append(world.tell("appoint_officer", ADMIN, key="same", **body))) == {
        "done": AT_ONCE
    }
    assert all(answer == answers[0] for answer in answers)
    assert len(world.pages("find_officers", ADMIN, q="nguoi mot lan")) == 1
    changes: list[Any] = []
    body = {"officer": answers[0]["id"], "phone": "0912345678", "reason": WHY}
    assert together(lambda _: changes.append(world.tell("change_officer", ADMIN, key="phone", **body))) == {
        "done": AT_ONCE
    }
    assert [answer["version"] for answer in changes] == [2] * AT_ONCE


def test_changes_that_do_not_contradict_all_take_effect_in_one_chain(world: DirectoryWorld) -> None:
    def open_unit(number: int) -> None:
        name = {"vi": f"Phòng {number}", "en": f"Division {number}"}
        world.tell("open_unit", OPERATOR, agency="H13.30.02", code=f"phong_{number}", name=name)

    outcomes = together(open_unit)
    stored = world.agencies.whole("H13.30.02")
    assert verify("H13.30.02", stored["history"], version=stored["version"], head=stored["head"]) is None
    assert set(outcomes) <= {"done", "version_stale"}
    assert stored["version"] == 1 + outcomes["done"]
    assert len(world.ask("read_agency", OPERATOR, agency="H13.30.02")["units"]) == outcomes["done"]


def test_an_import_that_two_replicas_work_on_takes_every_row_in_once(world: DirectoryWorld) -> None:
    table = "Mã cán bộ,Họ và tên,Mã cơ quan,Chức vụ\n" + "".join(
        f"HAI-{n},Lê Văn {n},H13.06,Văn thư\n" for n in range(350)
    )
    file = world.put(table.encode(), name="b.csv", kind=CSV)
    started = world.tell("start_import", ADMIN, kind="officers", file=file, dry_run=False)
    assert together(lambda _: imports.fire_import(world.context, started["id"]))["done"] == AT_ONCE
    for _ in range(3):
        imports.fire_import(world.context, started["id"])
    assert "next_due_at" not in world.imports.find(started["id"]), "nothing is left to do"
    found = world.ask("read_import", ADMIN, **{"import": started["id"]})
    assert (found["state"], found["rows"], found["created"] + found["unchanged"]) == ("done", 350, 350)
    numbers = [f"HAI-{n}" for n in range(350)]
    officers = world.officers.by_number(numbers)
    assert len(officers) == 350
    assert {officer["version"] for officer in officers.values()} == {1}
