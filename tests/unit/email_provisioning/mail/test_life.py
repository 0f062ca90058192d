"""Mailboxes over the use cases: asked for, approved, made by a host, changed in every way, revoked, destroyed."""

from datetime import date, timedelta
from typing import Any

import pytest

from shared.contracts.principal import Principal
from shared.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from tests.support.directory import ADMIN, ELSEWHERE, OPERATOR, SPECIALIST, WARD_ADMIN, DirectoryWorld
from tests.support.mailboxes import RULES
from tests.unit.email_provisioning.mail.mailboxes import (
    WARD,
    WHY,
    act,
    active,
    ask_for,
    history,
    refused,
    report,
    set_password,
    stored,
    told,
)

TODAY = date(2026, 11, 23)


def test_a_mailbox_from_the_request_to_its_end(world: DirectoryWorld) -> None:
    mailbox = ask_for(world)
    assert told(world, mailbox)["exists"] is False
    act(world, "approve_mailbox", mailbox)
    assert (told(world, mailbox)["exists"], told(world, mailbox)["login"]) == (True, False)
    report(world, mailbox)
    made = told(world, mailbox)
    assert (made["login"], made["addresses"], made["quota"], made["senders"]) == (
        True,
        ["nvan@cantho.gov.vn"],
        RULES.default_quota,
        ["nvan@cantho.gov.vn"],
    )
    act(world, "suspend_mailbox", mailbox, WARD_ADMIN, reason=WHY)
    act(world, "revoke_mailbox", mailbox, reason=WHY)
    assert (told(world, mailbox)["exists"], told(world, mailbox)["archive"]) == (False, True)
    with refused(Conflict, "mailbox_retained"):
        act(world, "purge_mailbox", mailbox)
    world.pass_days(366)
    assert stored(world, mailbox)["state"] == "purged", "nobody had to think of it"
    assert told(world, mailbox)["purge"] is True
    assert history(world, mailbox) == [
        "requested", "approved", "provisioned", "suspended", "revoked", "purged",
    ]  # fmt: skip


def test_every_act_names_who_did_it_and_why(world: DirectoryWorld) -> None:
    mailbox = active(world)
    act(world, "suspend_mailbox", mailbox, WARD_ADMIN, reason=WHY)
    entries = world.ask("read_mailbox_history", ADMIN, mailbox=mailbox)["items"]
    assert [(entry["actor"]["sub"], entry["actor"]["role"]) for entry in entries] == [
        ("quan-tri", "directory_administrator"),
        ("van-hanh", "operator"),
        ("system", "system"),
        ("quan-tri-phuong", "directory_administrator"),
    ]
    assert entries[-1]["reason"] == WHY
    assert world.ask("verify_mailbox_history", ADMIN, mailbox=mailbox)["intact"]


def test_homonyms_get_different_addresses_and_suggestions_are_free(world: DirectoryWorld) -> None:
    made = [stored(world, ask_for(world, name))["address"] for name in ("Nguyễn Văn An", "Ngô Việt Ân", "Nông Vĩnh An")]
    assert made == ["nvan@cantho.gov.vn", "nvan1@cantho.gov.vn", "nvan2@cantho.gov.vn"]
    free = world.ask("suggest_addresses", ADMIN, name="Nguyễn Vũ An", agency="001.30.00.H13")
    assert (free["domain"], free["addresses"][:2]) == ("cantho.gov.vn", ["nvan3@cantho.gov.vn", "nvan4@cantho.gov.vn"])


def test_the_other_province_names_its_people_and_agencies_its_own_way(world: DirectoryWorld) -> None:
    officer = world.appoint("H56.30.01", ELSEWHERE, name="Nguyễn Văn A")
    mailbox = world.tell("request_mailbox", ELSEWHERE, owner=officer)
    assert mailbox["address"] == "anv.ubndpht@thanhhoa.gov.vn"


def test_a_person_has_one_mailbox(world: DirectoryWorld) -> None:
    mailbox = ask_for(world)
    owner = stored(world, mailbox)["owner"]
    with refused(Conflict, "mailbox_not_the_only_one"):
        world.tell("request_mailbox", ADMIN, owner=owner)
    act(world, "refuse_mailbox", mailbox, reason=WHY)
    again = world.tell("request_mailbox", ADMIN, owner=owner)
    assert again["address"] == "nvan@cantho.gov.vn", "what was refused was never anybody's"


def test_an_address_rests_until_the_archive_is_destroyed(world: DirectoryWorld) -> None:
    first = active(world)
    act(world, "suspend_mailbox", first, reason=WHY)
    act(world, "revoke_mailbox", first, reason=WHY)
    act(world, "hold_mailbox", first, reason="Vụ án số 7")
    world.pass_days(500)
    assert stored(world, first)["state"] == "revoked"
    assert stored(world, ask_for(world))["address"] == "nvan1@cantho.gov.vn"
    act(world, "release_hold", first, reason="Kết thúc vụ án")
    world.pass_days(0)
    assert stored(world, first)["state"] == "purged"
    assert stored(world, ask_for(world, "Nguyễn Văn An"))["address"] == "nvan@cantho.gov.vn"


def test_a_renamed_mailbox_keeps_its_old_address_for_a_while_and_then_it_rests(world: DirectoryWorld) -> None:
    mailbox = active(world)
    act(world, "rename_mailbox", mailbox, WARD_ADMIN, address="an.nv@cantho.gov.vn")
    assert told(world, mailbox)["addresses"] == ["an.nv@cantho.gov.vn", "nvan@cantho.gov.vn"]
    world.pass_days(RULES.alias_days + 1)
    assert told(world, mailbox)["addresses"] == ["an.nv@cantho.gov.vn"]
    with refused(Invalid, "address_elsewhere"):
        act(world, "rename_mailbox", mailbox, address="an@thanhhoa.gov.vn")
    with refused(Invalid, "address_reserved"):
        act(world, "rename_mailbox", mailbox, address="postmaster@cantho.gov.vn")
    assert stored(world, ask_for(world))["address"] == "nvan1@cantho.gov.vn"
    with refused(Conflict, "mailbox_address_taken"):
        act(world, "rename_mailbox", active(world, "Lê Bình"), address="nvan@cantho.gov.vn")
    world.pass_days(RULES.retention_days + 1)
    assert stored(world, ask_for(world))["address"] == "nvan@cantho.gov.vn"


def test_aliases_have_an_end(world: DirectoryWorld) -> None:
    mailbox, alias = active(world), "hotich@cantho.gov.vn"
    until = TODAY + timedelta(days=30)
    act(world, "add_alias", mailbox, WARD_ADMIN, address=alias, until=until.isoformat())
    act(world, "add_alias", mailbox, WARD_ADMIN, address=alias, until=(until + timedelta(days=5)).isoformat())
    assert told(world, mailbox)["addresses"] == ["nvan@cantho.gov.vn", alias]
    world.pass_days(35)
    assert alias in told(world, mailbox)["addresses"]
    world.pass_days(1)
    assert alias not in told(world, mailbox)["addresses"]
    with refused(Conflict, "mailbox_address_taken"):
        act(world, "add_alias", active(world, "Lê Bình"), address=alias, until="2027-12-31")
    act(world, "add_alias", mailbox, address=alias, until="2027-12-31")
    act(world, "remove_alias", mailbox, WARD_ADMIN, address=alias)
    assert told(world, mailbox)["addresses"] == ["nvan@cantho.gov.vn"]


def test_an_agency_gives_what_it_was_granted_and_no_more(world: DirectoryWorld) -> None:
    grant = RULES.grants[WARD]
    first, second = active(world), ask_for(world, "Lê Bình")
    act(world, "change_quota", first, quota=grant - 1000)
    with refused(Conflict, "mailbox_pool_exhausted") as full:
        act(world, "approve_mailbox", second)
    assert full.value.params == {"grant": grant, "used": grant - 1000, "wanted": 2048}
    act(world, "change_quota", first, WARD_ADMIN, quota=1000)
    act(world, "approve_mailbox", second)
    assert world.ask("read_mail_pool", WARD_ADMIN, agency=WARD) == {"agency": WARD, "grant": grant, "used": 3048}
    act(world, "transfer_mailbox", first, ADMIN, agency="H13.06", quota=500)
    assert [world.mail.mailboxes.used(agency) for agency in (WARD, "H13.06")] == [2048, 500]
    act(world, "suspend_mailbox", first, reason=WHY)
    act(world, "revoke_mailbox", first, reason=WHY)
    assert world.mail.mailboxes.used("H13.06") == 0
    act(world, "reinstate_mailbox", first, reason=WHY)
    assert world.mail.mailboxes.used("H13.06") == 500


def test_a_unit_mailbox_is_handed_over_and_its_passwords_die(world: DirectoryWorld) -> None:
    officers = [world.appoint(WARD, name=name, account=name) for name in ("thu", "hoa")]
    unit = {"kind": "unit", "name": "Văn thư", "address": "vanthu.ninhkieu@cantho.gov.vn", "owner": officers[0]}
    mailbox = world.tell("request_mailbox", WARD_ADMIN, **unit)["id"]
    act(world, "approve_mailbox", mailbox)
    report(world, mailbox)
    set_password(world, mailbox)
    assert told(world, mailbox)["password"]
    act(world, "hand_over_mailbox", mailbox, WARD_ADMIN, owner=officers[1])
    assert (told(world, mailbox)["password"], told(world, mailbox)["secrets"]) == ("", 3)
    owners = world.ask("read_mailbox", ADMIN, mailbox=mailbox)["owners"]
    assert [(one["officer"], one["until"]) for one in owners] == [(officers[0], "2026-11-23"), (officers[1], None)]
    with refused(Conflict, "mailbox_owner_same"):
        act(world, "hand_over_mailbox", mailbox, owner=officers[1])
    mine = world.ask("list_own_mailboxes", Principal("hoa", "Hoa", frozenset()))
    assert [one["id"] for one in mine["items"]] == [mailbox]


@pytest.mark.parametrize(("suspension", "delivery"), [("receive", "accept"), ("bounce", "reject"), ("hold", "defer")])
def test_a_suspension_says_what_becomes_of_mail(world: DirectoryWorld, suspension: str, delivery: str) -> None:
    mailbox = active(world)
    act(world, "suspend_mailbox", mailbox, suspension=suspension, reason=WHY)
    assert (told(world, mailbox)["login"], told(world, mailbox)["delivery"]) == (False, delivery)
    assert told(world, mailbox)["senders"] == []


def test_a_scheduled_day_comes_by_itself(world: DirectoryWorld) -> None:
    mailbox = active(world)
    act(world, "schedule_revocation", mailbox, WARD_ADMIN, revoke_on="2026-12-01", reason=WHY)
    with refused(Conflict, "mailbox_day_not_come"):
        act(world, "revoke_mailbox", mailbox, reason=WHY)
    world.pass_days(7)
    assert stored(world, mailbox)["state"] == "scheduled_for_revocation"
    world.pass_days(1)
    assert stored(world, mailbox)["state"] == "revoked"
    other = active(world, "Lê Bình")
    act(world, "schedule_revocation", other, revoke_on="2026-12-31", reason=WHY)
    act(world, "cancel_revocation", other)
    world.pass_days(40)
    assert stored(world, other)["state"] == "active"


def test_delegated_administration_ends_at_the_own_agency(world: DirectoryWorld) -> None:
    mailbox = active(world, agency="H13.06")
    for principal in (WARD_ADMIN, ELSEWHERE):
        with refused(NotFound, "mailbox_not_here"):
            act(world, "suspend_mailbox", mailbox, principal, reason=WHY)
        with refused(NotFound, "mailbox_not_here"):
            world.ask("read_mailbox", principal, mailbox=mailbox)
        assert world.pages("find_mailboxes", principal, q="nvan") == []
    with refused(Forbidden, "role_not_allowed"):
        world.ask("find_mailboxes", SPECIALIST)
    with refused(Forbidden, "other_agency"):
        act(world, "transfer_mailbox", active(world, "Lê Bình"), WARD_ADMIN, agency="H13.06")
    with refused(Forbidden, "role_not_allowed"):
        act(world, "approve_mailbox", ask_for(world, "Lê Cả"), ADMIN)
    with refused(Invalid, "officer_not_here"):
        world.tell("request_mailbox", WARD_ADMIN, owner=world.appoint("H13.06"))


def test_lists_are_found_by_words_state_kind_and_owner(world: DirectoryWorld) -> None:
    mailbox, other = active(world), ask_for(world, "Lê Thị Bình")
    owner = stored(world, mailbox)["owner"]
    found = {
        "all": world.pages("find_mailboxes", ADMIN),
        "name": world.pages("find_mailboxes", ADMIN, q="nguyen an"),
        "local": world.pages("find_mailboxes", OPERATOR, q="ltbinh"),
        "state": world.pages("find_mailboxes", ADMIN, state="requested"),
        "kind": world.pages("find_mailboxes", ADMIN, kind="group"),
        "owner": world.pages("find_mailboxes", ADMIN, owner=owner),
        "agency": world.pages("find_mailboxes", ADMIN, agency="H13.06"),
    }
    ids = {name: [row["id"] for row in rows] for name, rows in found.items()}
    assert ids == {
        "all": [other, mailbox],
        "name": [mailbox],
        "local": [other],
        "state": [other],
        "kind": [],
        "owner": [mailbox],
        "agency": [],
    }


def test_a_key_used_again_gets_the_first_answer_and_another_version_is_refused(world: DirectoryWorld) -> None:
    officer = world.appoint(WARD, name="Nguyễn Văn An")
    first = world.tell("request_mailbox", ADMIN, key="k", owner=officer)
    assert world.tell("request_mailbox", ADMIN, key="k", owner=officer) == first
    with refused(Invalid, "idempotency_key_reused"):
        world.tell("request_mailbox", ADMIN, key="k", digest="other", owner=officer)
    with refused(Stale, "version_stale"):
        act(world, "approve_mailbox", first["id"], _version=7)
    approved = world.tell("approve_mailbox", OPERATOR, key="a", mailbox=first["id"], _version=1)
    assert world.tell("approve_mailbox", OPERATOR, key="a", mailbox=first["id"], _version=1) == approved


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"kind": "unit", "address": "a@cantho.gov.vn"}, "mailbox_needs_name"),
        ({"kind": "unit", "name": "Văn thư"}, "mailbox_needs_address"),
        ({"kind": "group", "name": "N", "address": "n@cantho.gov.vn"}, "mailbox_members_of_group"),
        ({"members": {"agency": WARD}}, "mailbox_members_of_group"),
        ({"address": "A@cantho.gov.vn"}, "address"),
        ({"address": f"{'a' * 65}@cantho.gov.vn"}, "address"),
        ({"agency": "H13.06"}, "mailbox_without_post"),
        ({"agency": "H13.99"}, "agency_unknown"),
        ({"unit": "khong_co"}, "unit_unknown"),
        ({"owner": "f" * 32}, "officer_not_here"),
    ],
)
def test_a_request_that_makes_no_sense_is_refused(world: DirectoryWorld, wrong: dict[str, Any], code: str) -> None:
    body = {"owner": world.appoint(WARD)} | wrong
    with pytest.raises(Invalid) as told_why:
        world.tell("request_mailbox", ADMIN, **body)
    assert code in str(told_why.value)
    assert world.mail.mailboxes.stored == {}
