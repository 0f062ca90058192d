"""Mailboxes follow their people and agencies by themselves, once, however often it is looked at."""

from typing import Any

import pytest

from services.email_provisioning.usecases.mail import following
from shared.contracts.principal import Principal
from shared.errors import Error
from tests.support.directory import ADMIN, OPERATOR, WARD_ADMIN, DirectoryWorld
from tests.support.mailboxes import RULES

HOST = Principal("mail-host:mail-1", "mail-1", frozenset())
WARD, NEXT = "H13.30.01", "H13.30.02"
WHY = "Quyết định số 12/QĐ-UBND"


def settle(world: DirectoryWorld) -> None:
    """Everything follows, the host does what it is told, and everything follows from that."""
    for _ in range(3):
        world.follow()
        waiting = [box for box in world.mail.mailboxes.stored.values() if "mail-1" in box["waiting"]]
        reports = [{"mailbox": box["_id"], "generation": box["generation"], "error": ""} for box in waiting]
        world.ask("report_mail_applied", HOST, host="mail-1", reports=reports)
    world.follow()


def of(world: DirectoryWorld, officer: str) -> dict[str, Any]:
    """The personal mailbox of an officer."""
    [mailbox] = [box for box in world.mail.mailboxes.of_owners([officer]) if box["kind"] == "personal"]
    return dict(mailbox)


def versions(world: DirectoryWorld) -> dict[str, int]:
    return {key: box["version"] for key, box in world.mail.mailboxes.stored.items()}


def look_again(world: DirectoryWorld) -> None:
    """All that there is is looked at once more, and nothing comes of it."""
    before = versions(world)
    keys = [f"officer/{officer}" for officer in world.officers.stored]
    keys += [f"agency/{agency}" for agency in world.agencies.stored]
    keys += [f"group/{mailbox}" for mailbox in world.mail.mailboxes.stored]
    for key in keys:
        following.fire_follow_up(world.context, key)
    assert versions(world) == before


def test_who_is_appointed_gets_a_mailbox_without_asking(world: DirectoryWorld) -> None:
    officer = world.appoint(WARD, name="Nguyễn Văn An")
    settle(world)
    assert (of(world, officer)["state"], of(world, officer)["address"]) == ("active", "nvan@cantho.gov.vn")
    look_again(world)


def test_where_the_rules_do_not_say_so_people_ask(world: DirectoryWorld) -> None:
    world.appoint("H56.30.01", Principal("th", "Th", ADMIN.roles, agency="H56"))
    settle(world)
    assert world.mail.mailboxes.stored == {}


def test_a_name_without_letters_and_an_exhausted_grant_are_left_to_people(world: DirectoryWorld) -> None:
    world.appoint(WARD, name="王小明")
    settle(world)
    assert world.mail.mailboxes.stored == {}
    world.mail.mailboxes.pools[WARD] = RULES.grants[WARD]
    officer = world.appoint(WARD)
    settle(world)
    assert of(world, officer)["state"] == "requested"
    world.mail.mailboxes.pools[WARD] = 0
    world.context.mail.followups.mark([f"officer/{officer}"], world.now)
    settle(world)
    assert of(world, officer)["state"] == "active"


def test_a_crash_between_the_request_and_the_approval_is_made_good(world: DirectoryWorld) -> None:
    officer = world.appoint(WARD)
    world.mail.mailboxes.pools[WARD] = RULES.grants[WARD]
    world.follow()
    world.mail.mailboxes.pools[WARD] = 0
    following.fire_follow_up(world.context, f"officer/{officer}")
    assert of(world, officer)["state"] == "approved"


def test_who_moves_takes_the_mailbox_along(world: DirectoryWorld) -> None:
    officer = world.appoint(WARD)
    settle(world)
    post = {"agency": NEXT, "title": "Chuyên viên", "roles": []}
    world.tell("move_officer", ADMIN, officer=officer, post=post, reason=WHY)
    settle(world)
    mailbox = of(world, officer)
    assert (mailbox["agency"], mailbox["state"], mailbox["within"]) == (NEXT, "active", [NEXT, "H13"])
    assert [world.mail.mailboxes.used(agency) for agency in (WARD, NEXT)] == [0, RULES.default_quota]
    assert WARD_ADMIN.agency not in mailbox["within"], "the former agency no longer sees it"
    look_again(world)


@pytest.mark.parametrize(("title", "revoked_on"), [("Chuyên viên", "2027-05-30"), ("Phó Chủ tịch UBND", "2027-11-30")])
def test_who_leaves_is_shut_out_at_once_and_loses_the_mailbox_later(
    world: DirectoryWorld, title: str, revoked_on: str
) -> None:
    officer = world.appoint(WARD, post={"title": title})
    settle(world)
    world.tell("record_leaving", ADMIN, officer=officer, cause="retired", last_day="2026-11-30", reason=WHY)
    settle(world)
    assert of(world, officer)["state"] == "active", "the last day has not come"
    world.pass_days(8)
    settle(world)
    mailbox = of(world, officer)
    assert (mailbox["state"], mailbox["suspension"]) == ("scheduled_for_revocation", "receive")
    assert mailbox["revoke_on"] == revoked_on
    look_again(world)
    world.pass_days(400)
    settle(world)
    assert of(world, officer)["state"] == "revoked"


def test_people_may_decide_otherwise_about_who_left(world: DirectoryWorld) -> None:
    officer = world.appoint(WARD)
    settle(world)
    world.tell("record_leaving", ADMIN, officer=officer, cause="retired", last_day="2026-11-22", reason=WHY)
    settle(world)
    mailbox = of(world, officer)
    world.tell("cancel_revocation", ADMIN, mailbox=mailbox["_id"])
    world.tell("restore_mailbox", ADMIN, mailbox=mailbox["_id"])
    settle(world)
    assert of(world, officer)["state"] == "active"


def test_a_request_of_who_left_is_refused(world: DirectoryWorld) -> None:
    officer = world.appoint(WARD)
    world.mail.mailboxes.pools[WARD] = RULES.grants[WARD]
    settle(world)
    world.tell("record_leaving", ADMIN, officer=officer, cause="resigned", last_day="2026-11-22", reason=WHY)
    settle(world)
    assert of(world, officer)["state"] == "refused"


def unit(world: DirectoryWorld, owner: str, local: str = "vanthu", **more: Any) -> str:
    body = {"kind": "unit", "name": "Văn thư", "address": f"{local}@cantho.gov.vn", "owner": owner} | more
    mailbox = str(world.tell("request_mailbox", ADMIN, **body)["id"])
    world.tell("approve_mailbox", OPERATOR, mailbox=mailbox)
    return mailbox


def test_units_of_a_closed_agency_go_on_at_its_successor_after_its_last_day(world: DirectoryWorld) -> None:
    officer = world.appoint(WARD)
    mailbox = unit(world, officer)
    group = unit(world, officer, "cb", kind="group", members={"agency": WARD})
    settle(world)
    world.tell("close_agency", OPERATOR, agency=WARD, closed_on="2026-12-31", successors=[NEXT], reason=WHY)
    settle(world)
    assert world.mail.mailboxes.stored[mailbox]["agency"] == WARD
    world.pass_days(39)
    settle(world)
    boxes = [world.mail.mailboxes.stored[one] for one in (mailbox, group)]
    assert [box["agency"] for box in (*boxes, of(world, officer))] == [NEXT] * 3
    assert boxes[1]["members"]["agency"] == NEXT
    assert boxes[1]["targets"] == [of(world, officer)["address"]]
    look_again(world)


def test_mailboxes_are_seen_from_where_their_agency_is_put(world: DirectoryWorld) -> None:
    officer = world.appoint(WARD)
    settle(world)
    world.tell("change_agency", OPERATOR, agency=WARD, parent="H13.06", reason=WHY)
    settle(world)
    assert of(world, officer)["within"] == [WARD, "H13.06", "H13"]
    look_again(world)


def test_a_group_leads_to_whoever_holds_the_posts_it_asks_for(world: DirectoryWorld) -> None:
    clerk = world.appoint(WARD, name="Trần Thị Thu", post={"roles": ["clerk"]})
    head = world.appoint(NEXT, name="Lê Văn Hai", post={"roles": ["head_of_unit"]})
    all_of = unit(world, clerk, "toanthanhpho", kind="group", members={"agency": "H13", "below": True})
    clerks = unit(world, clerk, "vanthu.tatca", kind="group", members={"agency": "H13", "below": True, "role": "clerk"})
    own = unit(world, clerk, "ninhkieu", kind="group", members={"agency": WARD}, posters={"who": "anybody"})
    settle(world)

    def leads(group: str) -> list[str]:
        answer = world.ask("read_mail_instructions", HOST, host="mail-1", mailboxes=[group])
        return [address.partition("@")[0] for address in answer["items"][0]["forwards"]]

    assert [leads(group) for group in (all_of, clerks, own)] == [["lvhai", "ttthu"], ["ttthu"], ["ttthu"]]
    post = {"agency": WARD, "title": "Văn thư", "roles": ["clerk"]}
    world.tell("move_officer", ADMIN, officer=head, post=post, reason=WHY)
    world.tell("record_leaving", ADMIN, officer=clerk, cause="retired", last_day="2026-11-22", reason=WHY)
    world.tell("rename_mailbox", ADMIN, mailbox=of(world, head)["_id"], address="hailv@cantho.gov.vn")
    settle(world)
    assert [leads(group) for group in (all_of, clerks, own)] == [["hailv"], ["hailv"], ["hailv"]]
    look_again(world)


@pytest.mark.parametrize(
    ("posters", "allowed"),
    [
        (None, ["ttthu@cantho.gov.vn"]),
        ({"who": "anybody"}, None),
        ({"who": "listed", "addresses": ["lanhdao@cantho.gov.vn"]}, ["lanhdao@cantho.gov.vn"]),
        (
            {"who": "members", "addresses": ["lanhdao@cantho.gov.vn"]},
            ["lanhdao@cantho.gov.vn", "ttthu@cantho.gov.vn"],
        ),
    ],
)
def test_a_group_says_who_may_write_to_it(world: DirectoryWorld, posters: Any, allowed: list[str] | None) -> None:
    clerk = world.appoint(WARD, name="Trần Thị Thu")
    group = unit(world, clerk, "nhom", kind="group", members={"agency": WARD}, posters=posters)
    settle(world)
    told = world.ask("read_mail_instructions", HOST, host="mail-1", mailboxes=[group])["items"][0]
    assert (told["posters"], told["login"], told["quota"]) == (allowed, False, 0)


def test_whoever_answers_for_a_unit_may_write_as_it(world: DirectoryWorld) -> None:
    first, second = (world.appoint(WARD, name=name) for name in ("Trần Thị Thu", "Lê Văn Hai"))
    mailbox = unit(world, first)
    settle(world)
    assert [of(world, officer)["sends_as"] for officer in (first, second)] == [["vanthu@cantho.gov.vn"], []]
    world.tell("hand_over_mailbox", ADMIN, mailbox=mailbox, owner=second)
    settle(world)
    assert [of(world, officer)["sends_as"] for officer in (first, second)] == [[], ["vanthu@cantho.gov.vn"]]
    world.tell("suspend_mailbox", ADMIN, mailbox=mailbox, reason=WHY)
    settle(world)
    assert of(world, second)["sends_as"] == []
    look_again(world)


def leave(world: DirectoryWorld, officer: str, **more: Any) -> None:
    body = {"last_day": "2026-11-22", "cause": "retired", "reason": WHY} | more
    world.tell("record_leaving", ADMIN, officer=officer, **body)
    settle(world)


def test_a_units_mailbox_goes_on_to_the_successor_of_who_leaves(world: DirectoryWorld) -> None:
    first, second = (world.appoint(WARD, name=name) for name in ("Trần Thị Thu", "Lê Văn Hai"))
    mailbox = unit(world, first)
    settle(world)
    leave(world, first, successor=second)
    seen = world.ask("read_mailbox", ADMIN, mailbox=mailbox)
    assert (seen["state"], seen["owner"], seen["has_password"]) == ("active", second, False)
    assert [(one["officer"], one["until"]) for one in seen["owners"]] == [(first, "2026-11-23"), (second, None)]
    assert of(world, second)["sends_as"] == ["vanthu@cantho.gov.vn"]
    [last] = world.ask("read_mailbox_history", ADMIN, mailbox=mailbox)["items"][-1:]
    assert "bàn giao cho người kế nhiệm" in last["reason"]
    look_again(world)


def test_without_a_successor_it_keeps_mail_and_opens_for_nobody_until_it_is_handed_over(world: DirectoryWorld) -> None:
    first, second = (world.appoint(WARD, name=name) for name in ("Trần Thị Thu", "Lê Văn Hai"))
    mailbox = unit(world, first)
    group = unit(world, first, "nhom", kind="group", members={"agency": WARD})
    settle(world)
    leave(world, first)
    seen = world.ask("read_mailbox", ADMIN, mailbox=mailbox)
    assert (seen["state"], seen["suspension"], seen["owner"]) == ("suspended", "receive", None)
    assert world.ask("read_mailbox", ADMIN, mailbox=group)["state"] == "active"
    look_again(world)
    with pytest.raises(Error, match="mailbox_without_owner"):
        world.tell("restore_mailbox", ADMIN, mailbox=mailbox)
    world.tell("hand_over_mailbox", ADMIN, mailbox=mailbox, owner=second)
    world.tell("restore_mailbox", ADMIN, mailbox=mailbox)
    settle(world)
    assert of(world, second)["sends_as"] == ["vanthu@cantho.gov.vn"]
    look_again(world)


def test_who_moves_away_leaves_the_units_mailbox_behind(world: DirectoryWorld) -> None:
    first, second = (world.appoint(WARD, name=name) for name in ("Trần Thị Thu", "Lê Văn Hai"))
    mailbox = unit(world, first)
    settle(world)
    post = {"agency": NEXT, "title": "Chuyên viên", "roles": ["specialist"]}
    world.tell("move_officer", ADMIN, officer=first, post=post, successor=second, reason=WHY)
    settle(world)
    assert world.ask("read_mailbox", ADMIN, mailbox=mailbox)["owner"] == second
    assert of(world, first)["agency"] == NEXT
    look_again(world)


def test_a_mailbox_bears_its_owners_present_name(world: DirectoryWorld) -> None:
    officer = world.appoint(WARD, name="Trần Thị Thu")
    settle(world)
    world.tell("change_officer", ADMIN, officer=officer, name="Trần Thị Thu Hà", reason=WHY)
    settle(world)
    assert (of(world, officer)["name"], of(world, officer)["address"]) == ("Trần Thị Thu Hà", "ttthu@cantho.gov.vn")
