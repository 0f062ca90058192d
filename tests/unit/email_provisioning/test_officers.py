"""Officers: appointed, given further posts, moved, leaving; a move takes the old roles at once."""

from datetime import date, timedelta
from typing import Any

import pytest

from shared.errors import Conflict, Forbidden, Invalid, NotFound
from tests.support.directory import ADMIN, WARD_ADMIN, DirectoryWorld
from tests.unit.email_provisioning.posts import TODAY, WHY, post, roles


def events(world: DirectoryWorld, officer: str) -> list[str]:
    return [entry["type"].removesuffix(".v1") for entry in world.officers.stored[officer]["history"]]


def test_an_event_says_nothing_personal_but_the_name(world: DirectoryWorld) -> None:
    officer = world.appoint(
        "H13.06", name="  Nguyễn  Thị Minh Khai ", number="CT-1", phone="0912345678", birth_date="1990-05-17",
        account="khai",
    )  # fmt: skip
    [entry] = world.officers.stored[officer]["history"]
    assert entry["type"] == "officer_appointed.v1"
    assert entry["data"] == {
        "name": "Nguyễn Thị Minh Khai",
        "account": "khai",
        "posts": [
            {
                "agency": "H13.06",
                "unit": None,
                "title": "Chuyên viên",
                "roles": ["specialist"],
                "starts_on": "2026-11-23",
                "ends_on": None,
            }
        ],
        "successor": None,
        "sample": False,
    }


def test_who_moves_loses_the_old_roles_the_day_before(world: DirectoryWorld) -> None:
    officer = world.appoint("H13.30.01", post={"roles": ["clerk"], "starts_on": "2026-01-05"})
    world.tell("give_post", ADMIN, officer=officer, post=post("H13.30.02", "head_of_unit"), reason=WHY)
    world.tell("move_officer", ADMIN, officer=officer, post=post("H13.06", "specialist"), reason=WHY)
    assert events(world, officer) == ["officer_appointed", "officer_appointed", "officer_moved"]
    assert roles(world, officer, "H13.06") == {"specialist"}
    assert roles(world, officer, "H13.30.01") == set()
    assert roles(world, officer, "H13.30.02") == set()
    assert roles(world, officer, "H13.30.01", TODAY - timedelta(days=1)) == {"clerk"}
    assert roles(world, officer, "H13.30.02", TODAY) == set(), "given and taken on one day, it never counted"


def test_a_move_ahead_keeps_the_old_roles_until_its_day(world: DirectoryWorld) -> None:
    officer = world.appoint("H13.30.01", post={"roles": ["clerk"], "starts_on": "2026-01-05"})
    ahead = TODAY + timedelta(days=10)
    there = post("H13.06", "specialist", starts_on=ahead.isoformat())
    world.tell("move_officer", ADMIN, officer=officer, post=there, reason=WHY)
    for day, old, new in ((TODAY, {"clerk"}, set()), (ahead - timedelta(days=1), {"clerk"}, set())):
        assert (roles(world, officer, "H13.30.01", day), roles(world, officer, "H13.06", day)) == (old, new)
    assert roles(world, officer, "H13.30.01", ahead) == set()
    assert roles(world, officer, "H13.06", ahead) == {"specialist"}


def test_the_old_administrator_loses_sight_on_the_day_of_the_move(world: DirectoryWorld) -> None:
    officer = world.appoint("H13.30.01", post={"roles": ["clerk"]})
    there = post("H13.06", "specialist", starts_on=(TODAY + timedelta(days=10)).isoformat())
    world.tell("move_officer", ADMIN, officer=officer, post=there, reason=WHY)
    assert [row["id"] for row in world.pages("find_officers", WARD_ADMIN)] == [officer]
    world.pass_days(10)
    assert world.pages("find_officers", WARD_ADMIN) == []
    with pytest.raises(NotFound, match="officer_not_here"):
        world.ask("read_officer", WARD_ADMIN, officer=officer)
    assert [row["id"] for row in world.pages("find_officers", ADMIN, agency="H13.06")] == [officer]


def test_who_leaves_has_no_roles_and_can_be_appointed_again(world: DirectoryWorld) -> None:
    officer = world.appoint("H13.30.01", post={"starts_on": "2026-01-05"})
    later = post("H13.30.01", "clerk", starts_on="2027-03-01")
    world.tell("give_post", ADMIN, officer=officer, post=later, reason=WHY)
    leaving = {"cause": "retired", "last_day": TODAY.isoformat(), "reason": WHY}
    world.tell("record_leaving", WARD_ADMIN, officer=officer, **leaving)
    assert roles(world, officer, "H13.30.01") == {"specialist"}
    assert roles(world, officer, "H13.30.01", TODAY + timedelta(days=1)) == set()
    assert roles(world, officer, "H13.30.01", date(2027, 3, 2)) == set(), "what would start later never counts"
    world.pass_days(1)
    assert world.pages("find_officers", WARD_ADMIN) == []
    assert [row["id"] for row in world.pages("find_officers", WARD_ADMIN, left=True)] == [officer]
    with pytest.raises(Conflict, match="officer_left_already"):
        world.tell("record_leaving", WARD_ADMIN, officer=officer, **leaving)
    with pytest.raises(Conflict, match="officer_has_no_post"):
        world.tell("move_officer", WARD_ADMIN, officer=officer, post=post("H13.30.01"), reason=WHY)
    world.tell("give_post", WARD_ADMIN, officer=officer, post=post("H13.30.01", "clerk"), reason=WHY)
    assert roles(world, officer, "H13.30.01", TODAY + timedelta(days=1)) == {"clerk"}
    assert events(world, officer)[-2:] == ["officer_left", "officer_appointed"]


def test_one_of_several_posts_ends_and_the_last_one_does_not(world: DirectoryWorld) -> None:
    officer = world.appoint("H13.30.01", post={"starts_on": "2026-01-05"})
    world.tell("give_post", ADMIN, officer=officer, post=post("H13.06", "clerk", starts_on="2026-02-01"), reason=WHY)
    ending = {"officer": officer, "last_day": (TODAY - timedelta(days=1)).isoformat(), "reason": WHY}
    with pytest.raises(Forbidden, match="other_agency"):
        world.tell("end_post", WARD_ADMIN, post=1, **ending)
    world.tell("end_post", ADMIN, post=1, **ending)
    assert (roles(world, officer, "H13.06"), roles(world, officer, "H13.30.01")) == (set(), {"specialist"})
    with pytest.raises(Conflict, match="last_post"):
        world.tell("end_post", ADMIN, post=0, **ending)
    for number in (1, 7):
        with pytest.raises(NotFound, match="post_unknown"):
            world.tell("end_post", ADMIN, post=number, **ending)


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"agency": "H13.99"}, "request_invalid"),
        ({"agency": "H56.30.01"}, "other_agency"),
        ({"agency": "H13"}, None),
        ({"unit": "khong_co"}, "request_invalid"),
        ({"roles": ["king"]}, "request_invalid"),
        ({"starts_on": "2026-02-01", "ends_on": "2026-01-01"}, "request_invalid"),
    ],
)
def test_posts_that_cannot_be_given(world: DirectoryWorld, given: dict[str, Any], refusal: str | None) -> None:
    if refusal is None:
        world.appoint("H13.06", post=given)
        return
    with pytest.raises((Conflict, Forbidden, Invalid), match=refusal):
        world.appoint("H13.06", post=given)
    assert world.officers.stored == {}


def test_a_post_is_held_once_and_never_in_a_closed_unit(world: DirectoryWorld) -> None:
    world.tell("open_unit", ADMIN, agency="H13.06", code="van_phong", name={"vi": "Văn phòng", "en": "Office"})
    officer = world.appoint("H13.06", post={"unit": "van_phong"})
    same = {"agency": "H13.06", "unit": "van_phong", "title": "Chuyên viên", "roles": ["specialist"]}
    for operation in ("give_post", "move_officer"):
        with pytest.raises(Conflict, match="post_held_already"):
            world.tell(operation, ADMIN, officer=officer, post=same, reason=WHY)
    assert [row["id"] for row in world.pages("find_officers", ADMIN, agency="H13.06", unit="van_phong")] == [officer]
    closing = {"agency": "H13.06", "unit": "van_phong", "closed_on": "2026-11-01", "reason": WHY}
    with pytest.raises(Invalid, match="request_invalid"):
        world.tell("change_unit", ADMIN, **closing, parent="khong_co")
    world.tell("change_unit", ADMIN, **closing)
    with pytest.raises(Invalid) as refused:
        world.appoint("H13.06", post={"unit": "van_phong"})
    assert refused.value.fields[0]["code"] == "unit_closed"


def test_a_closed_agency_takes_nobody(world: DirectoryWorld) -> None:
    world.tell("close_agency", ADMIN, agency="H13.06", closed_on="2026-11-22", successors=["H13"], reason=WHY)
    with pytest.raises(Conflict, match="agency_not_open"):
        world.appoint("H13.06")
    with pytest.raises(Conflict, match="agency_not_open"):
        world.appoint("H13.06", post={"starts_on": "2020-01-01"})


def test_a_post_ends_with_its_agency(world: DirectoryWorld) -> None:
    world.tell("close_agency", ADMIN, agency="H13.06", closed_on="2026-12-31", successors=[], reason=WHY)
    officer = world.appoint("H13.06")
    assert world.officers.stored[officer]["posts"][0]["ends_on"] == "2026-12-31"


def test_officers_follow_a_merged_agency_and_keep_their_roles(world: DirectoryWorld) -> None:
    staying = world.appoint("H13.30.02", name="Trần Văn Bình", post={"starts_on": "2026-01-05"})
    moving = world.appoint("H13.30.01", post={"roles": ["clerk"], "starts_on": "2026-01-05"})
    ending = world.appoint("H13.30.01", name="Võ Thị Út", post={"ends_on": "2026-11-30"})
    closing = {"agency": "H13.30.01", "closed_on": "2026-12-31", "successors": ["H13.30.02"], "reason": WHY}
    world.tell("close_agency", ADMIN, **closing)
    for _ in range(2):  # an event may come twice
        world.agencies.announced.append(("H13.30.01", world.agencies.stored["H13.30.01"]["history"][-1]))
        world.hear()
    assert [events(world, one) for one in (staying, ending)] == [["officer_appointed"]] * 2
    assert events(world, moving) == ["officer_appointed", "officer_moved"]
    last, first = date(2026, 12, 31), date(2027, 1, 1)
    assert (roles(world, moving, "H13.30.01", last), roles(world, moving, "H13.30.02", last)) == ({"clerk"}, set())
    assert (roles(world, moving, "H13.30.01", first), roles(world, moving, "H13.30.02", first)) == (set(), {"clerk"})
    entry = world.officers.stored[moving]["history"][-1]
    assert (entry["actor"]["sub"], entry["reason"]) == ("system", "H13.30.01 → H13.30.02")


def test_without_a_successor_the_posts_end_with_the_agency(world: DirectoryWorld) -> None:
    only = world.appoint("H13.06")
    both = world.appoint("H13.06", name="Võ Thị Út")
    world.tell("give_post", ADMIN, officer=both, post=post("H13.30.01", "clerk"), reason=WHY)
    world.tell("close_agency", ADMIN, agency="H13.06", closed_on="2026-12-31", successors=[], reason=WHY)
    world.hear()
    assert (events(world, only)[-1], events(world, both)[-1]) == ("officer_left", "officer_changed")
    assert world.officers.stored[only]["left"] == {"cause": "agency_closed", "on": "2026-12-31"}
    assert roles(world, both, "H13.30.01", date(2027, 1, 1)) == {"clerk"}


def test_staff_numbers_and_accounts_belong_to_one(world: DirectoryWorld) -> None:
    world.appoint("H13.06", number="CT-1", account="an")
    other = world.appoint("H13.06", name="Bùi Thị Tư", number="CT-2")
    with pytest.raises(Conflict, match="number_taken"):
        world.appoint("H13.06", number="CT-1")
    with pytest.raises(Conflict, match="account_taken"):
        world.tell("change_officer", ADMIN, officer=other, account="an", reason=WHY)


def test_a_change_of_name_is_announced_and_found(world: DirectoryWorld) -> None:
    officer = world.appoint("H13.06", name="Nguyễn Thị Lan")
    world.tell("change_officer", ADMIN, officer=officer, name="Nguyễn Thị Mai Lan", reason=WHY)
    assert events(world, officer) == ["officer_appointed", "officer_changed"]
    assert world.officers.stored[officer]["history"][-1]["data"]["name"] == "Nguyễn Thị Mai Lan"
    assert [row["id"] for row in world.pages("find_officers", ADMIN, q="mai lan")] == [officer]
    with pytest.raises(Conflict, match="officer_unchanged"):
        world.tell("change_officer", ADMIN, officer=officer, name="Nguyễn  Thị Mai Lan", reason=WHY)


def test_the_same_key_appoints_once(world: DirectoryWorld) -> None:
    body = {"name": "Lê Văn An", "reason": WHY, "post": post("H13.06")}
    first = world.tell("appoint_officer", ADMIN, key="once", **body)
    assert world.tell("appoint_officer", ADMIN, key="once", **body) == first
    with pytest.raises(Invalid, match="idempotency_key_reused"):
        world.tell("appoint_officer", ADMIN, key="once", digest="other", **body)
    moved = world.tell("move_officer", ADMIN, key="move", officer=first["id"], post=post("H13.30.01"), reason=WHY)
    assert (
        world.tell("move_officer", ADMIN, key="move", officer=first["id"], post=post("H13.30.01"), reason=WHY) == moved
    )
    assert len(world.officers.stored) == 1
