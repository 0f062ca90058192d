"""Links, passwords and app passwords of mailboxes: shown once, refused when weak, ended with the mailbox's work."""

import pytest

from shared.contracts.principal import Principal
from shared.errors import Conflict, Forbidden, Invalid, NotFound
from tests.support.directory import ADMIN, OPERATOR, SPECIALIST, WARD_ADMIN, DirectoryWorld
from tests.unit.email_provisioning.mail.mailboxes import (
    PASSWORD,
    WARD,
    WHY,
    act,
    active,
    history,
    link,
    refused,
    set_password,
    told,
)


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
