"""What an identity provider sends becomes true, or is told why not; whatever dies in between."""

import pytest
from pymongo.collection import Collection

from services.email_provisioning.domain.scim.wishes import USER_EXTENSION
from shared.contracts.principal import Principal, Role
from tests.integration.email_provisioning.scim_wishes.wishes import (
    OTHER_WARD,
    WARD,
    Document,
    at_work,
    hire,
    mailbox_of,
    officer_of,
    wanted,
)
from tests.support.directory import ADMIN, DirectoryWorld
from tests.support.scim import IDP, IdentityProvider, do_due_wishes, provision, user

THANH_HOA = Principal("th", "TH", frozenset({Role.DIRECTORY_ADMINISTRATOR}), agency="H56")


def test_a_user_becomes_an_officer_with_a_mailbox(world: DirectoryWorld, idp: IdentityProvider) -> None:
    identifier = hire(
        idp,
        externalId="4711",
        number="CT-1",
        phoneNumbers=[{"value": "0912 345 678", "type": "mobile"}],
        said=wanted(quota=1024, startsOn="2026-11-02", agency="001.30.00.H13"),
    )
    officer = officer_of(world, idp, identifier)
    assert {name: officer[name] for name in ("name", "number", "account", "phone")} == {
        "name": "Lê Văn An",
        "number": "CT-1",
        "account": "4711",
        "phone": "0912345678",
    }
    assert officer["posts"] == [
        {
            "agency": WARD,
            "unit": None,
            "title": "Chuyên viên",
            "roles": ["specialist"],
            "starts_on": "2026-11-02",
            "ends_on": None,
        }
    ]
    mailbox = mailbox_of(world, officer["_id"])
    assert (mailbox["state"], mailbox["quota"], mailbox["address"]) == ("approved", 1024, "lvan@cantho.gov.vn")
    assert idp.told(identifier) == {"officer": officer["_id"], "address": "lvan@cantho.gov.vn", "state": "approved"}
    history = world.officers.history(officer["_id"], after=0, limit=5)
    assert history[0]["actor"] == {"sub": IDP.subject, "role": "directory_administrator", "agency": "H13"}


def test_what_becomes_of_the_mailbox_is_told(
    world: DirectoryWorld, idp: IdentityProvider, rows: Collection[Document]
) -> None:
    identifier = hire(idp)
    before = idp.send("GET", f"/Users/{identifier}").headers["ETag"]
    provision(world, mailbox_of(world, idp.told(identifier)["officer"])["_id"])
    assert do_due_wishes(world, rows) == 1
    assert idp.told(identifier)["state"] == "active"
    assert idp.send("GET", f"/Users/{identifier}").headers["ETag"] != before
    assert do_due_wishes(world, rows) == 0


def test_the_user_name_is_the_address_where_it_is_one_of_ours(world: DirectoryWorld, idp: IdentityProvider) -> None:
    identifier, mailbox = at_work(world, idp, user_name="an.le@cantho.gov.vn")
    assert idp.told(identifier)["address"] == "an.le@cantho.gov.vn"
    idp.patch(f"/Users/{identifier}", {"op": "replace", "path": "userName", "value": "An.LeVan@cantho.gov.vn"})
    assert idp.told(identifier)["address"] == "an.levan@cantho.gov.vn"
    found = world.ask("read_mailbox", ADMIN, mailbox=mailbox)
    assert [alias["address"] for alias in found["aliases"]] == ["an.le@cantho.gov.vn"]
    idp.patch(f"/Users/{identifier}", {"op": "replace", "path": "userName", "value": "an@elsewhere.vn"})
    assert idp.told(identifier)["address"] == "an.levan@cantho.gov.vn"


def test_who_is_not_active_is_shut_out_and_let_in_again(world: DirectoryWorld, idp: IdentityProvider) -> None:
    identifier, mailbox = at_work(world, idp)
    secrets = world.mail.mailboxes.find(mailbox).document["secrets"]
    idp.patch(f"/Users/{identifier}", {"op": "Replace", "path": "active", "value": "False"})
    shut = world.mail.mailboxes.find(mailbox).document
    assert (shut["state"], shut["suspension"], shut["app_passwords"]) == ("suspended", "receive", [])
    assert shut["secrets"] > secrets
    assert idp.told(identifier)["state"] == "suspended"
    idp.patch(f"/Users/{identifier}", {"op": "Replace", "path": "active", "value": "True"})
    assert idp.told(identifier)["state"] == "active"


def test_who_is_shut_before_the_mailbox_is_there_is_shut_once_it_is(
    world: DirectoryWorld, idp: IdentityProvider, rows: Collection[Document]
) -> None:
    identifier = hire(idp)
    idp.patch(f"/Users/{identifier}", {"op": "replace", "path": "active", "value": False})
    told = idp.told(identifier)
    assert (told["state"], "mailbox_action_not_allowed" in told["problem"]) == ("approved", True)
    mailbox = mailbox_of(world, told["officer"])["_id"]
    provision(world, mailbox)
    do_due_wishes(world, rows)
    assert idp.told(identifier) == {"officer": told["officer"], "address": told["address"], "state": "suspended"}


def test_what_people_shut_is_not_opened_by_a_synchronisation(world: DirectoryWorld, idp: IdentityProvider) -> None:
    identifier, mailbox = at_work(world, idp)
    version = world.ask("read_mailbox", ADMIN, mailbox=mailbox)["version"]
    world.tell("suspend_mailbox", ADMIN, mailbox=mailbox, reason="Điều tra", _version=version)
    idp.patch(f"/Users/{identifier}", {"op": "replace", "path": "displayName", "value": "Lê Văn Ân"})
    told = idp.told(identifier)
    assert (told["state"], "scim_suspended_elsewhere" in told["problem"]) == ("suspended", True)
    assert officer_of(world, idp, identifier)["name"] == "Lê Văn Ân"


def test_what_people_change_stands_until_another_wish(
    world: DirectoryWorld, idp: IdentityProvider, rows: Collection[Document]
) -> None:
    identifier, mailbox = at_work(world, idp, said=wanted(quota=1024))
    do_due_wishes(world, rows)
    version = world.ask("read_mailbox", ADMIN, mailbox=mailbox)["version"]
    world.tell("change_quota", ADMIN, mailbox=mailbox, quota=2000, _version=version)
    world.context.scim.resources.wake(mailboxes=[mailbox], at=world.now)
    assert do_due_wishes(world, rows) == 1
    assert world.ask("read_mailbox", ADMIN, mailbox=mailbox)["quota"] == 2000
    idp.patch(f"/Users/{identifier}", {"op": "replace", "path": "title", "value": "x"})
    assert world.ask("read_mailbox", ADMIN, mailbox=mailbox)["quota"] == 1024


def test_an_officer_moves_changes_and_has_a_day_of_revocation(world: DirectoryWorld, idp: IdentityProvider) -> None:
    identifier, mailbox = at_work(world, idp)
    there = wanted(agency=OTHER_WARD, post="Phó Chủ tịch", quota=4096, revokeOn="2027-06-30")
    answer = idp.send("PUT", f"/Users/{identifier}", user("an.lv@idp.vn", displayName="Lê Văn Ân", said=there))
    assert answer.status == 200, answer.body
    officer = officer_of(world, idp, identifier)
    assert officer["name"] == "Lê Văn Ân"
    assert [(post["agency"], post["title"], post["ends_on"]) for post in officer["posts"]] == [
        (WARD, "Chuyên viên", "2026-11-22"),
        (OTHER_WARD, "Phó Chủ tịch", None),
    ]
    found = world.ask("read_mailbox", ADMIN, mailbox=mailbox)
    assert {name: found[name] for name in ("agency", "quota", "revoke_on", "state", "name")} == {
        "agency": OTHER_WARD,
        "quota": 4096,
        "revoke_on": "2027-06-30",
        "state": "scheduled_for_revocation",
        "name": "Lê Văn Ân",
    }
    idp.patch(f"/Users/{identifier}", {"op": "remove", "path": f"{USER_EXTENSION}:revokeOn"})
    assert idp.told(identifier)["state"] == "active"


def test_one_of_several_posts_is_exchanged_alone(world: DirectoryWorld, idp: IdentityProvider) -> None:
    identifier = hire(idp, said=wanted(startsOn="2026-11-02"))
    officer = officer_of(world, idp, identifier)["_id"]
    beside = {"agency": "H13.06", "title": "Kiêm nhiệm"}
    world.tell("give_post", ADMIN, officer=officer, post=beside, reason="QĐ 2", _version=1)
    idp.patch(f"/Users/{identifier}", {"op": "replace", "path": f"{USER_EXTENSION}:post", "value": "Trưởng phòng"})
    posts = officer_of(world, idp, identifier)["posts"]
    assert {post["title"] for post in posts if post["ends_on"] is None} == {"Kiêm nhiệm", "Trưởng phòng"}


def test_whom_the_directory_knows_already_is_not_appointed_again(world: DirectoryWorld, idp: IdentityProvider) -> None:
    known = world.appoint(WARD, number="CT-9", account="an.lv", name="Lê Văn An")
    first = hire(idp, number="CT-9")
    assert idp.told(first)["officer"] == known
    second = hire(idp, user_name="second", externalId="an.lv")
    told = idp.told(second)
    assert (told["officer"], "scim_officer_spoken_for" in told["problem"]) == (None, True)
    world.appoint("H56.30.01", THANH_HOA, number="TH-1")
    third = hire(idp, user_name="third", number="TH-1")
    assert (idp.told(third)["officer"], "officer_not_here" in idp.told(third)["problem"]) == (None, True)


@pytest.mark.parametrize(
    ("said", "path", "code"),
    [
        ({"agency": "H13.99"}, "agency", "agency_unknown"),
        ({"agency": "nowhere"}, "", "agency_code_malformed"),
        ({"unit": "khong_co"}, "unit", "unit_unknown"),
        ({"agency": "H56.30.01"}, "agency", "agency_not_here"),
        ({"post": None}, "post", "required"),
    ],
)
def test_what_cannot_be_is_kept_and_told(idp: IdentityProvider, said: Document, path: str, code: str) -> None:
    wish = {name: value for name, value in wanted(**said).items() if value is not None}
    identifier = hire(idp, said=wish)
    assert idp.send("GET", f"/Users/{identifier}").body[USER_EXTENSION] == wish
    problem = idp.told(identifier)["problem"]
    assert f'"code":"{code}"' in problem
    assert f'"path":"{path}"' in problem


def test_a_role_that_no_post_gives_is_told(idp: IdentityProvider) -> None:
    problem = idp.told(hire(idp, roles=[{"value": "specialist"}, {"value": "king"}]))["problem"]
    assert ('"code":"not_a_choice"' in problem, '"path":"roles"' in problem) == (True, True)
