"""Who leaves, moves or gives up a post may name who takes the open work over; rights end with the post here too."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from services.email_provisioning.usecases.door import admit
from shared.errors import Forbidden, Invalid
from tests.support.directory import ADMIN, WARD_ADMIN, DirectoryWorld
from tests.unit.email_provisioning.posts import TODAY, WHY, post
from tests.unit.email_provisioning.test_officers import events

WARD = "H13.30.01"


def appointed(world: DirectoryWorld, agency: str = WARD, **more: Any) -> str:
    return world.appoint(agency, post={"roles": ["specialist"], "starts_on": "2026-01-05"}, **more)


def said(world: DirectoryWorld, officer: str) -> Any:
    return world.officers.stored[officer]["history"][-1]["data"]["successor"]


def leave(world: DirectoryWorld, officer: str, admin: Any = ADMIN, **more: Any) -> None:
    body = {"cause": "retired", "last_day": TODAY.isoformat(), "reason": WHY, **more}
    world.tell("record_leaving", admin, officer=officer, **body)


def test_every_way_to_lose_a_post_may_name_a_successor_and_a_new_post_forgets_them(world: DirectoryWorld) -> None:
    officer, heir = appointed(world), appointed(world)
    assert said(world, officer) is None
    world.tell("give_post", ADMIN, officer=officer, post=post("H13.30.02", "clerk"), reason=WHY)
    world.tell("end_post", ADMIN, officer=officer, post=0, last_day=TODAY.isoformat(), reason=WHY, successor=heir)
    assert said(world, officer) == heir
    world.tell("move_officer", ADMIN, officer=officer, post=post("H13.06", "clerk"), reason=WHY, successor=heir)
    assert said(world, officer) == heir
    leave(world, officer, successor=heir)
    assert said(world, officer) == heir
    world.tell("give_post", ADMIN, officer=officer, post=post(WARD, "clerk"), reason=WHY)
    assert (said(world, officer), events(world, officer)[-2:]) == (None, ["officer_left", "officer_appointed"])


def test_work_goes_only_to_another_officer_in_post_of_whom_the_administrator_knows(world: DirectoryWorld) -> None:
    officer, gone, elsewhere = appointed(world), appointed(world), appointed(world, "H13.06")
    leave(world, gone, last_day=(TODAY - timedelta(days=1)).isoformat())
    for successor in (officer, gone, elsewhere, "0" * 32):
        with pytest.raises(Invalid) as refusal:
            leave(world, officer, WARD_ADMIN, successor=successor)
        assert [(wrong["path"], wrong["code"]) for wrong in refusal.value.fields] == [
            ("successor", "successor_not_in_post")
        ]
    leave(world, officer, ADMIN, successor=elsewhere)


def test_an_administrators_rights_end_with_the_post(world: DirectoryWorld) -> None:
    assert admit(world.context, ADMIN) == ADMIN, "nothing is taken from whom the directory does not know"
    officer = world.appoint(WARD, account="admin", post={"roles": ["directory_administrator"]})
    principal = replace(WARD_ADMIN, subject="admin")
    assert admit(world.context, principal) == principal
    with pytest.raises(Forbidden, match="post_not_held"):
        admit(world.context, replace(principal, agency="H13"))
    leave(world, officer, last_day=(TODAY - timedelta(days=1)).isoformat())
    with pytest.raises(Forbidden, match="post_not_held"):
        admit(world.context, principal)
    assert admit(world.context, None) is None


def test_an_officers_rights_go_on_at_the_agency_that_took_over(world: DirectoryWorld) -> None:
    world.appoint(WARD, account="admin", post={"roles": ["directory_administrator"]})
    yesterday = (TODAY - timedelta(days=1)).isoformat()
    world.tell("close_agency", ADMIN, agency="H13.30.02", closed_on=yesterday, successors=[WARD], reason=WHY)
    principal = replace(WARD_ADMIN, subject="admin", agency="H13.30.02")
    assert admit(world.context, principal) == principal
