"""Officers: who sees what of them, and how they are found."""

from typing import Any

import pytest

from shared.errors import Forbidden, NotFound
from shared.history import verify
from tests.support.directory import ADMIN, ELSEWHERE, OPERATOR, SPECIALIST, WARD_ADMIN, DirectoryWorld
from tests.unit.email_provisioning.posts import WHY, post


def test_lists_are_in_the_order_of_given_names(world: DirectoryWorld) -> None:
    names = ["Nguyễn Văn Đức", "Trần Thị Ánh", "Lê Bình", "Nguyễn Ánh", "Phạm Văn Dũng"]
    for name in names:
        world.appoint("H13.06", name=name)
    listed = [row["name"] for row in world.pages("find_officers", ADMIN, limit=2)]
    assert listed == ["Nguyễn Ánh", "Trần Thị Ánh", "Lê Bình", "Nguyễn Văn Đức", "Phạm Văn Dũng"]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"q": "duc"}, ["Nguyễn Văn Đức"]),
        ({"q": "van nguyen"}, ["Nguyễn Văn Đức"]),
        ({"q": "CT-7"}, ["Trần Thị Ánh"]),
        ({"role": "clerk"}, ["Trần Thị Ánh"]),
        ({"role": "clerk", "q": "duc"}, []),
        ({"agency": "H13.30.01"}, ["Trần Thị Ánh"]),
        ({"agency": "H13.06"}, ["Nguyễn Văn Đức"]),
    ],
)
def test_officers_are_found(world: DirectoryWorld, asked: dict[str, Any], found: list[str]) -> None:
    world.appoint("H13.06", name="Nguyễn Văn Đức")
    world.appoint("H13.30.01", name="Trần Thị Ánh", number="CT-7", post={"roles": ["clerk"]})
    world.appoint("H56.30.01", ELSEWHERE, name="Trần Văn Đức", post={"roles": ["clerk"]})
    assert [row["name"] for row in world.pages("find_officers", ADMIN, **asked)] == found


def test_only_administrators_see_what_is_private(world: DirectoryWorld) -> None:
    officer = world.appoint("H13.30.01", phone="0912345678", birth_date="1990-05-17", account="an")
    private = ("phone", "birth_date", "account")
    seen = world.ask("read_officer", SPECIALIST, officer=officer)
    assert [seen[name] for name in private] == [None, None, None]
    seen = world.ask("read_officer", WARD_ADMIN, officer=officer)
    assert [seen[name] for name in private] == ["0912345678", "1990-05-17", "an"]
    for operation in ("read_officer_history", "verify_officer_history"):
        with pytest.raises(Forbidden, match="role_not_allowed"):
            world.ask(operation, SPECIALIST, officer=officer)
    with pytest.raises(Forbidden, match="role_not_allowed"):
        world.ask("find_officers", SPECIALIST, left=True)


def test_a_move_needs_somebody_above_both_agencies(world: DirectoryWorld) -> None:
    officer = world.appoint("H13.30.01")
    for principal, agency in ((WARD_ADMIN, "H13.06"), (ADMIN, "H56.30.01")):
        with pytest.raises(Forbidden, match="other_agency"):
            world.tell("move_officer", principal, officer=officer, post=post(agency), reason=WHY)
    for principal in (SPECIALIST, OPERATOR):
        with pytest.raises(Forbidden, match="role_not_allowed"):
            world.tell("move_officer", principal, officer=officer, post=post("H13.30.01"), reason=WHY)
    with pytest.raises(NotFound, match="officer_not_here"):
        world.tell("move_officer", ELSEWHERE, officer=officer, post=post("H56.30.01"), reason=WHY)


def test_the_history_is_chained(world: DirectoryWorld) -> None:
    officer = world.appoint("H13.30.01")
    world.tell("move_officer", ADMIN, officer=officer, post=post("H13.06"), reason=WHY)
    stored = world.officers.stored[officer]
    assert verify(officer, stored["history"], version=2, head=stored["head"]) is None
    assert world.ask("verify_officer_history", ADMIN, officer=officer)["intact"]
