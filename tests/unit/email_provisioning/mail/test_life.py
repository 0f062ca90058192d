"""Mailboxes over the use cases: asked for, approved, made by a host, changed in every way, revoked, destroyed."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from shared.contracts.principal import Principal
from shared.errors import Conflict, Error, Forbidden, Invalid, NotFound, Stale
from shared.history import verify
from tests.support.directory import ADMIN, ELSEWHERE, OPERATOR, SPECIALIST, WARD_ADMIN, DirectoryWorld, small_world
from tests.support.mailboxes import RULES

TODAY = date(2026, 11, 23)
HOST = Principal("mail-host:mail-1", "mail-1", frozenset())
WHY = "Công văn số 45/VP"
WARD = "H13.30.01"


@pytest.fixture
def world() -> DirectoryWorld:
    return small_world()


def ask_for(world: DirectoryWorld, name: str = "Nguyễn Văn An", agency: str = WARD, **more: Any) -> str:
    """A personal mailbox that waits for approval."""
    officer = world.appoint(agency, name=name, **more)
    return str(world.tell("request_mailbox", ADMIN, owner=officer)["id"])


def act(world: DirectoryWorld, operation: str, mailbox: str, principal: Principal = OPERATOR, **body: Any) -> Any:
    return world.tell(operation, principal, mailbox=mailbox, **body)


def report(world: DirectoryWorld, mailbox: str, generation: int | None = None, error: str = "") -> None:
    now = world.mail.mailboxes.find(mailbox).document["generation"] if generation is None else generation
    said = {"mailbox": mailbox, "generation": now, "error": error}
    world.ask("report_mail_applied", HOST, host="mail-1", reports=[said])


def active(world: DirectoryWorld, name: str = "Nguyễn Văn An", **more: Any) -> str:
    """A mailbox that is there."""
    mailbox = ask_for(world, name, **more)
    act(world, "approve_mailbox", mailbox)
    report(world, mailbox)
    return mailbox


def stored(world: DirectoryWorld, mailbox: str) -> dict[str, Any]:
    return dict(world.mail.mailboxes.find(mailbox).document)


def told(world: DirectoryWorld, mailbox: str) -> dict[str, Any]:
    """What the host is told to do now."""
    answer = world.ask("read_mail_instructions", HOST, host="mail-1", mailboxes=[mailbox])
    return dict(answer["items"][0])


def refused(kind: type[Error], code: str) -> Any:
    return pytest.raises(kind, match=code)


def history(world: DirectoryWorld, mailbox: str) -> list[str]:
    whole = world.mail.mailboxes.whole(mailbox)
    assert verify(mailbox, whole["history"], version=whole["version"], head=whole["head"]) is None
    return [entry["type"].removesuffix(".v1").removeprefix("mailbox_") for entry in whole["history"]]


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


PASSWORD = "bốn con trâu gặm cỏ"


def link(world: DirectoryWorld, mailbox: str) -> str:
    return str(act(world, "issue_password_link", mailbox, WARD_ADMIN)["token"])


def set_password(world: DirectoryWorld, mailbox: str, password: str = PASSWORD) -> None:
    world.tell("set_password", OPERATOR, token=link(world, mailbox), password=password)


def test_a_link_is_shown_once_works_once_and_ends(world: DirectoryWorld) -> None:
    mailbox = active(world)
    shown = world.tell("issue_password_link", WARD_ADMIN, key="once", mailbox=mailbox)
    again = world.tell("issue_password_link", WARD_ADMIN, key="once", mailbox=mailbox)
    assert again == shown | {"token": None}
    assert told(world, mailbox)["password"] == ""
    for _ in range(2):
        answer = world.tell("set_password", OPERATOR, token=shown["token"], password=PASSWORD)
        assert answer == {"address": "nvan@cantho.gov.vn"}, "the same again changes nothing"
    assert told(world, mailbox)["password"] == f"{{HASH}}{PASSWORD[::-1]}"
    assert history(world, mailbox)[3:] == ["changed", "changed"]
    with refused(Conflict, "password_link_useless"):
        world.tell("set_password", OPERATOR, token=shown["token"], password="một mật khẩu khác")
    late = link(world, mailbox)
    world.pass_days(4)
    with refused(Conflict, "password_link_useless"):
        world.tell("set_password", OPERATOR, token=late, password=PASSWORD)
    with refused(Conflict, "password_link_useless"):
        world.tell("set_password", OPERATOR, token="f" * 32 + ".x", password=PASSWORD)


def test_a_newer_link_and_a_suspension_end_the_older_link(world: DirectoryWorld) -> None:
    mailbox = active(world)
    older, newer = link(world, mailbox), link(world, mailbox)
    with refused(Conflict, "password_link_useless"):
        world.tell("set_password", OPERATOR, token=older, password=PASSWORD)
    act(world, "suspend_mailbox", mailbox, reason=WHY)
    with refused(Conflict, "password_link_useless"):
        world.tell("set_password", OPERATOR, token=newer, password=PASSWORD)
    with refused(Conflict, "mailbox_action_not_allowed"):
        link(world, mailbox)


@pytest.mark.parametrize(
    "password", ["ngắn quá", "nvan là tên tôi đó", "của nvan@cantho.gov.vn", "aaaaaaaaaaaaa", "a" * 129]
)
def test_weak_passwords_are_refused(world: DirectoryWorld, password: str) -> None:
    mailbox = active(world)
    with pytest.raises(Invalid):
        set_password(world, mailbox, password)
    assert told(world, mailbox)["password"] == ""


def test_no_secret_stands_in_the_history_or_in_an_answer_that_is_kept(world: DirectoryWorld) -> None:
    officer = world.appoint(WARD, account="an")
    mailbox = world.tell("request_mailbox", ADMIN, owner=officer)["id"]
    act(world, "approve_mailbox", mailbox)
    set_password(world, mailbox)
    world.tell("make_app_password", Principal("an", "An", frozenset()), mailbox=mailbox, name="Điện thoại")
    whole = str(world.mail.mailboxes.whole(mailbox)["history"])
    assert not any(secret in whole for secret in ("token-", "HASH", "app-password-", "{APP}", PASSWORD))


def test_app_passwords_are_the_owners_and_die_with_suspension(world: DirectoryWorld) -> None:
    mailbox = active(world, account="an")
    set_password(world, mailbox)
    owner = Principal("an", "An", frozenset())
    made = [world.tell("make_app_password", owner, key=name, mailbox=mailbox, name=name) for name in ("a", "b")]
    assert made[0]["secret"].startswith(f"{made[0]['app_password']}-"), "mail hosts find its hash by that"
    assert world.tell("make_app_password", owner, key="a", mailbox=mailbox, name="a") == made[0] | {"secret": None}
    assert [one["name"] for one in world.ask("list_app_passwords", owner, mailbox=mailbox)["app_passwords"]] == [
        "a",
        "b",
    ]
    assert [one["id"] for one in told(world, mailbox)["app_passwords"]] == [one["app_password"] for one in made]
    with refused(Forbidden, "role_not_allowed"):
        world.tell("make_app_password", WARD_ADMIN, mailbox=mailbox, name="không phải của tôi")
    with refused(NotFound, "mailbox_not_here"):
        world.tell("make_app_password", SPECIALIST, mailbox=mailbox, name="x")
    world.tell("revoke_app_password", WARD_ADMIN, mailbox=mailbox, app_password=made[0]["app_password"])
    assert len(told(world, mailbox)["app_passwords"]) == 1
    before = told(world, mailbox)["secrets"]
    act(world, "suspend_mailbox", mailbox, reason=WHY)
    act(world, "restore_mailbox", mailbox)
    after = told(world, mailbox)
    assert (after["app_passwords"], after["secrets"], after["login"]) == ([], before + 1, True)
    assert after["password"], "the person's own password works again"


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


def said(world: DirectoryWorld, mailbox: str) -> tuple[str, int, str]:
    """Where a mailbox stands, and what its one host said of it last."""
    seen = world.ask("read_mailbox", ADMIN, mailbox=mailbox)
    [host] = seen["hosts"]
    return str(seen["state"]), int(host["generation"]), str(host["error"])


def test_a_host_says_how_far_it_is_and_what_stands_in_its_way(world: DirectoryWorld) -> None:
    mailbox = ask_for(world)
    act(world, "approve_mailbox", mailbox)
    [lagging] = world.ask("list_mail_hosts", OPERATOR)["hosts"]
    assert (lagging["waiting"], lagging["waiting_since"]) == (1, world.now)
    report(world, mailbox, error="đĩa đầy")
    assert said(world, mailbox) == ("approved", 0, "đĩa đầy")
    report(world, mailbox)
    report(world, mailbox)
    report(world, mailbox, generation=1, error="bản tin cũ")
    assert said(world, mailbox) == ("active", 3, "")
    drift = {"missing": [], "surplus": ["f" * 32], "stale": [], "checked": 1, "at": "2026-11-23T09:00:00+07:00"}
    world.ask("report_mail_drift", HOST, host="mail-1", **drift)
    [host] = world.ask("list_mail_hosts", OPERATOR)["hosts"]
    assert (host["waiting"], host["last_contact"], host["drift"]["surplus_count"]) == (0, world.now, 1)


def test_usage_never_goes_back(world: DirectoryWorld) -> None:
    mailbox = active(world)
    for used, login in ((900, "2026-11-23T09:00:00+07:00"), (500, "2026-11-22T09:00:00+07:00")):
        row = {"mailbox": mailbox, "bytes": used, "messages": 3, "last_login": login}
        world.ask("report_mail_usage", HOST, host="mail-1", rows=[row])
    usage = world.ask("read_mailbox", ADMIN, mailbox=mailbox)["usage"]
    assert (usage["bytes"], usage["last_login"].isoformat()) == (500, "2026-11-23T02:00:00+00:00")


def test_a_host_pages_through_all_that_it_has_to_know(world: DirectoryWorld) -> None:
    names = ("Lê A", "Lê B", "Lê C")
    made = sorted(active(world, name) for name in names)
    ask_for(world, "Lê D")
    first = world.ask("list_mail_instructions", HOST, host="mail-1", limit=2)
    rest = world.ask("list_mail_instructions", HOST, host="mail-1", limit=2, after=first["next"])
    assert [one["mailbox"] for one in (*first["items"], *rest["items"])] == made
    assert rest["next"] is None
    unknown = world.ask("read_mail_instructions", HOST, host="mail-1", mailboxes=["f" * 32])["items"][0]
    assert (unknown["exists"], unknown["generation"]) == (False, 0)


def test_each_host_shows_how_far_it_is(world: DirectoryWorld) -> None:
    mailbox = active(world)
    report(world, mailbox)
    both = replace(RULES.domains[0], hosts=("mail-1", "mail-2"))
    rules = replace(RULES, domains=(both, *RULES.domains[1:]))
    world.context = replace(world.context, mail=replace(world.mail, rules=rules))
    act(world, "change_quota", mailbox, quota=512)

    def shown() -> list[tuple[str, int, bool]]:
        hosts = world.ask("read_mailbox", ADMIN, mailbox=mailbox)["hosts"]
        return [(one["host"], one["generation"], one["waiting"]) for one in hosts]

    now = stored(world, mailbox)["generation"]
    assert shown() == [("mail-1", now - 1, True), ("mail-2", 0, True)], "the second never told anything"
    second = Principal("mail-host:mail-2", "mail-2", frozenset())
    said = {"mailbox": mailbox, "generation": now, "error": ""}
    world.ask("report_mail_applied", second, host="mail-2", reports=[said])
    assert shown() == [("mail-1", now - 1, True), ("mail-2", now, False)]
    assert [host["waiting"] for host in world.ask("list_mail_hosts", OPERATOR)["hosts"]] == [1, 0]
    report(world, mailbox)
    assert shown() == [("mail-1", now, False), ("mail-2", now, False)]
