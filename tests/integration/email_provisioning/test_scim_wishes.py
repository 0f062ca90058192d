"""What an identity provider sends becomes true, or is told why not; whatever dies in between."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from pymongo import MongoClient
from pymongo.collection import Collection

from services.email_provisioning.adapters.scim.resources import MongoScimResources
from services.email_provisioning.domain.scim.wishes import GROUP_EXTENSION, USER_EXTENSION
from services.email_provisioning.usecases import officers
from services.email_provisioning.usecases.mail import requests
from services.email_provisioning.usecases.scim import mailboxes, serve
from shared.contracts.principal import Principal, Role
from tests.support.directory import ADMIN, OPERATOR, DirectoryWorld, mongo_world, small_world
from tests.support.scim import IDP, WARD_IDP, IdentityProvider, do_due_wishes, group, provision, user

Document = dict[str, Any]
THANH_HOA = Principal("th", "TH", frozenset({Role.DIRECTORY_ADMINISTRATOR}), agency="H56")
WARD, OTHER_WARD = "H13.30.01", "H13.30.02"


@pytest.fixture
def world(client: MongoClient[Document], mongo_prefix: str) -> Iterator[DirectoryWorld]:
    """A directory of one's own, on Monday."""
    store = client[f"{mongo_prefix}wishes"]
    yield small_world(mongo_world(store))
    for name in store.list_collection_names():
        store[name].delete_many({})


@pytest.fixture
def rows(client: MongoClient[Document], mongo_prefix: str, world: DirectoryWorld) -> Collection[Document]:
    return client[f"{mongo_prefix}wishes"]["scim_resources"]


@pytest.fixture
def idp(world: DirectoryWorld) -> IdentityProvider:
    return IdentityProvider(world)


def wanted(**said: Any) -> Document:
    return {"agency": WARD, "post": "Chuyên viên", **said}


def hire(idp: IdentityProvider, user_name: str = "an.lv@idp.vn", **more: Any) -> str:
    more.setdefault("said", wanted())
    more.setdefault("displayName", "Lê Văn An")
    more.setdefault("roles", [{"value": "specialist"}])
    return idp.create(user_name, **more)


def officer_of(world: DirectoryWorld, idp: IdentityProvider, identifier: str) -> Document:
    loaded = world.officers.find(idp.told(identifier)["officer"])
    assert loaded is not None
    return dict(loaded.document)


def mailbox_of(world: DirectoryWorld, officer: str) -> Document:
    found = [one for one in world.mail.mailboxes.of_owners([officer]) if one["kind"] == "personal"]
    assert len(found) == 1
    return dict(found[0])


def at_work(world: DirectoryWorld, idp: IdentityProvider, **more: Any) -> tuple[str, str]:
    """A user with a mailbox that the host has; its id and the mailbox's."""
    identifier = hire(idp, **more)
    mailbox = mailbox_of(world, idp.told(identifier)["officer"])["_id"]
    provision(world, mailbox)
    return identifier, mailbox


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
        ({"agency": "H56.30.01"}, "", "other_agency"),
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


def test_a_later_agency_fulfils_an_early_wish(
    world: DirectoryWorld, idp: IdentityProvider, rows: Collection[Document]
) -> None:
    identifier = hire(idp, said=wanted(agency="H13.30.07"))
    assert idp.told(identifier)["officer"] is None
    world.register("H13.30.07", parent="H13")
    assert do_due_wishes(world, rows) == 0
    world.now += timedelta(seconds=31)
    assert do_due_wishes(world, rows) == 1
    told = idp.told(identifier)
    assert (told["state"], "problem" in told) == ("approved", False)


def test_freed_storage_fulfils_a_wish(world: DirectoryWorld, idp: IdentityProvider, rows: Collection[Document]) -> None:
    first = hire(idp, said=wanted(quota=102_400))
    second = hire(idp, user_name="second", displayName="Trần Thị Bình", said=wanted(quota=1024))
    told = idp.told(second)
    assert (told["state"], "mailbox_pool_exhausted" in told["problem"]) == ("requested", True)
    provision(world, mailbox_of(world, idp.told(first)["officer"])["_id"])
    idp.patch(f"/Users/{first}", {"op": "replace", "path": f"{USER_EXTENSION}:quota", "value": 1024})
    world.now += timedelta(minutes=5)
    do_due_wishes(world, rows)
    assert idp.told(second)["state"] == "approved"


def test_whoever_is_deleted_leaves_and_their_mailbox_is_shut(
    world: DirectoryWorld, idp: IdentityProvider, rows: Collection[Document]
) -> None:
    identifier, mailbox = at_work(world, idp)
    officer = idp.told(identifier)["officer"]
    assert idp.send("DELETE", f"/Users/{identifier}").status == 204
    assert idp.send("GET", f"/Users/{identifier}").status == 404
    assert rows.find_one({"_id": identifier}) is None
    left = world.officers.find(officer).document
    assert left["left"] == {"cause": "end_of_contract", "on": "2026-11-23"}
    shut = world.mail.mailboxes.find(mailbox).document
    assert (shut["state"], shut["suspension"], shut["revoke_on"]) == (
        "scheduled_for_revocation",
        "receive",
        "2027-05-23",
    )
    again = hire(idp, user_name="an.lv@idp.vn", number="", externalId="", said=wanted())
    assert idp.told(again)["officer"] != officer


def test_whoever_comes_back_the_same_day_works_again(world: DirectoryWorld, idp: IdentityProvider) -> None:
    identifier, mailbox = at_work(world, idp, number="CT-5")
    officer = idp.told(identifier)["officer"]
    idp.send("DELETE", f"/Users/{identifier}")
    again = hire(idp, number="CT-5")
    told = idp.told(again)
    assert (told["officer"], told["state"], "problem" in told) == (officer, "active", False)
    posts = officer_of(world, idp, again)["posts"]
    assert [(post["starts_on"], post["ends_on"]) for post in posts] == [
        ("2026-11-23", "2026-11-23"),
        ("2026-11-24", None),
    ]
    assert world.mail.mailboxes.find(mailbox).document["revoke_on"] is None


def test_a_parting_waits_for_the_mailbox_that_is_not_there_yet(
    world: DirectoryWorld, idp: IdentityProvider, rows: Collection[Document]
) -> None:
    identifier = hire(idp)
    officer = idp.told(identifier)["officer"]
    idp.send("DELETE", f"/Users/{identifier}")
    assert rows.find_one({"_id": identifier})["type"] == "gone"
    mailbox = mailbox_of(world, officer)["_id"]
    provision(world, mailbox)
    do_due_wishes(world, rows)
    assert rows.find_one({"_id": identifier}) is None
    assert world.mail.mailboxes.find(mailbox).document["suspension"] == "receive"


@pytest.mark.parametrize("fatal", ["appoint_officer", "claim", "request_mailbox", "approve", "settle", "at_once"])
def test_a_crash_anywhere_is_settled_by_due_work(
    world: DirectoryWorld,
    idp: IdentityProvider,
    rows: Collection[Document],
    monkeypatch: pytest.MonkeyPatch,
    fatal: str,
) -> None:
    """Everything before the fatal step is done, nothing after it, as when the process is killed there."""
    with monkeypatch.context() as crash:
        _crash_at(crash, fatal)
        answer = idp.send("POST", "/Users", user("an.lv", displayName="Lê Văn An", number="CT-7", said=wanted()))
        assert answer.status == 201
    identifier = answer.body["id"]
    assert rows.find_one({"_id": identifier})["next_due_at"]
    do_due_wishes(world, rows)
    told = idp.told(identifier)
    assert (told["state"], "problem" in told) == ("approved", False)
    assert len(world.officers.by_number(["CT-7"])) == 1
    assert mailbox_of(world, told["officer"])["state"] == "approved"
    row = rows.find_one({"_id": identifier})
    assert (row["reached"], "next_due_at" in row) == (row["wish"], False)


class _Killed(BaseException):
    """No handler of the platform stops it."""


def _crash_at(crash: pytest.MonkeyPatch, fatal: str) -> None:
    def die(*_: Any, **__: Any) -> Any:
        raise _Killed

    places: dict[str, tuple[Any, str]] = {
        "appoint_officer": (officers, "appoint_officer"),
        "claim": (MongoScimResources, "claim"),
        "request_mailbox": (requests, "request_mailbox"),
        "approve": (mailboxes, "change_by_itself"),
        "settle": (MongoScimResources, "settle"),
    }
    if fatal in places:
        crash.setattr(*places[fatal], die)
    else:
        crash.setattr(serve, "see_through", die)
    through = serve.see_through

    def killed(*arguments: Any) -> None:
        try:
            through(*arguments)
        except _Killed:
            return

    crash.setattr(serve, "see_through", killed)


def test_a_group_with_an_address_leads_to_its_members(
    world: DirectoryWorld, idp: IdentityProvider, rows: Collection[Document]
) -> None:
    users = [
        hire(idp, user_name=f"u{number}", displayName=name)
        for number, name in enumerate(("Lê Văn An", "Trần Thị Bình", "Võ Minh Đức"))
    ]
    stranger = idp.create("stranger")
    said = {"address": "to.congtac@cantho.gov.vn", "agency": WARD}
    made = idp.send("POST", "/Groups", group("Tổ công tác", [*users[:2], stranger], **said))
    assert made.status == 201, made.body
    path = f"/Groups/{made.body['id']}"
    told = idp.send("GET", path, attributes=f"{GROUP_EXTENSION}:mailbox").body[GROUP_EXTENSION]["mailbox"]
    assert told == {"address": "to.congtac@cantho.gov.vn", "state": "approved"}

    def targets() -> list[str]:
        found = world.mail.mailboxes.holders(["to.congtac@cantho.gov.vn"])["to.congtac@cantho.gov.vn"]
        return list(found["targets"])

    assert targets() == ["lvan@cantho.gov.vn", "ttbinh@cantho.gov.vn"]
    idp.patch(path, {"op": "remove", "path": f'members[value eq "{users[0]}"]'})
    idp.patch(path, {"op": "add", "path": "members", "value": [{"value": users[2]}]})
    assert targets() == ["ttbinh@cantho.gov.vn", "vmduc@cantho.gov.vn"]
    idp.patch(f"/Users/{stranger}", {"op": "add", "value": {USER_EXTENSION: wanted(), "displayName": "Hồ Văn Lạ"}})
    do_due_wishes(world, rows)
    assert targets() == ["hvla@cantho.gov.vn", "ttbinh@cantho.gov.vn", "vmduc@cantho.gov.vn"]


def test_a_plain_group_is_only_kept(world: DirectoryWorld, idp: IdentityProvider, rows: Collection[Document]) -> None:
    made = idp.send("POST", "/Groups", group("Không thư", [hire(idp)]))
    assert made.status == 201
    assert not world.pages("find_mailboxes", OPERATOR, kind="group")
    assert idp.send("DELETE", f"/Groups/{made.body['id']}").status == 204
    assert rows.find_one({"_id": made.body["id"]}) is None


def test_the_retry_acts_as_the_sender_did(world: DirectoryWorld, rows: Collection[Document]) -> None:
    ward = IdentityProvider(world, WARD_IDP)
    identifier = ward.create("later", displayName="Lê Sau", said=wanted(agency="H13.30.01.09"))
    world.register("H13.30.01.09", parent=WARD)
    world.now += timedelta(minutes=1)
    do_due_wishes(world, rows)
    officer = officer_of(world, ward, identifier)
    history = world.officers.history(officer["_id"], after=0, limit=1)
    assert history[0]["actor"]["sub"] == WARD_IDP.subject
