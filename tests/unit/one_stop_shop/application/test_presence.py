"""Officers at one application see each other, and what happened since the page was opened."""

from datetime import timedelta
from typing import Any

import pytest

from services.one_stop_shop.usecases.presence import STAYS, note_presence
from services.one_stop_shop.usecases.queries_applications import get_history, officer_name
from services.one_stop_shop.usecases.staffing import copy_officer
from shared.contracts.email_provisioning.events import OfficerChanged
from shared.contracts.principal import Principal
from shared.errors import Invalid, NotFound
from shared.history import verify
from tests.support.officers import announced, post
from tests.support.world import CITIZEN, COMMUNE, ELSEWHERE, HEAD, MONDAY, RECEPTION, World


def at(world: World, application: str, who: Principal, **body: Any) -> dict[str, Any]:
    return note_presence(world.context, {"application": application, **body}, who)


def test_officers_see_who_else_is_there_and_since_when() -> None:
    world = World()
    application = world.submit()
    assert at(world, application, RECEPTION) == {"others": [], "changes": []}
    world.now += timedelta(seconds=60)
    assert at(world, application, HEAD)["others"] == [{"name": RECEPTION.name, "since": MONDAY}]
    at(world, application, RECEPTION)
    world.now += timedelta(seconds=60)
    assert at(world, application, HEAD)["others"] == [{"name": RECEPTION.name, "since": MONDAY}]


def test_who_says_nothing_for_a_while_has_gone() -> None:
    world = World()
    application = world.submit()
    at(world, application, RECEPTION)
    world.now += STAYS
    assert at(world, application, HEAD)["others"] == []
    at(world, application, RECEPTION)
    assert at(world, application, HEAD)["others"] == [{"name": RECEPTION.name, "since": world.now}]


def test_what_happened_since_the_page_was_opened_is_told_with_names_of_officers_only() -> None:
    world = World()
    application = world.submit()
    world.act("request_supplement", application, RECEPTION, reason="Thiếu",
              items=[{"component": "to_khai", "requirement": "Ký tên"}])  # fmt: skip
    world.act("request_withdrawal", application, CITIZEN, reason="Không còn nhu cầu")
    changes = at(world, application, HEAD, version=1)["changes"]
    assert [(one["type"], one["role"], one["name"]) for one in changes] == [
        ("supplement_requested.v1", "reception_officer", RECEPTION.name),
        ("withdrawal_requested.v1", "citizen", None),
    ]
    assert at(world, application, HEAD, version=2)["changes"] == changes[1:]
    assert at(world, application, HEAD, version=3)["changes"] == []


def test_an_act_stays_under_the_name_of_its_day_and_one_of_before_names_were_kept_under_todays() -> None:
    world = World()
    application = world.submit()
    world.act("request_supplement", application, RECEPTION, reason="Thiếu",
              items=[{"component": "to_khai", "requirement": "Ký tên"}])  # fmt: skip
    changed = announced(OfficerChanged, RECEPTION.subject, 2, "Trùng Mã", [post(COMMUNE, "reception_officer")])
    copy_officer(world.context, changed)
    assert at(world, application, HEAD, version=1)["changes"][0]["name"] == RECEPTION.name
    stored = world[application]
    assert verify(application, stored["history"], version=stored["version"], head=stored["head"]) is None
    entry = stored["history"][1]
    assert entry["actor"].pop("name") == RECEPTION.name
    assert officer_name(world.context, entry) == "Trùng Mã"


def test_applicants_read_no_name_of_an_officer_in_a_history() -> None:
    world = World()
    application = world.submit()
    world.act("request_supplement", application, RECEPTION, reason="Thiếu",
              items=[{"component": "to_khai", "requirement": "Ký tên"}])  # fmt: skip
    (_first, asked) = get_history(world.context, {"application": application}, CITIZEN)["items"]
    assert (asked["officer"], sorted(asked["actor"])) == (None, ["agency", "role", "sub"])
    (_first, asked) = get_history(world.context, {"application": application}, HEAD)["items"]
    assert (asked["officer"], sorted(asked["actor"])) == (RECEPTION.name, ["agency", "role", "sub"])


@pytest.mark.parametrize("who", [CITIZEN, ELSEWHERE])
def test_nobody_else_is_told_and_nobody_else_is_noted(who: Principal) -> None:
    world = World()
    application = world.submit()
    with pytest.raises(NotFound, match="application_unknown"):
        at(world, application, who)
    assert at(world, application, HEAD)["others"] == []


def test_a_version_is_a_number() -> None:
    world = World()
    with pytest.raises(Invalid):
        at(world, world.submit(), HEAD, version=0)
