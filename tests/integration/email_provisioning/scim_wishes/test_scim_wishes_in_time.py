"""Wishes that wait, come too early or are told again after a crash; who leaves and comes back."""

from datetime import timedelta
from typing import Any

import pytest
from pymongo.collection import Collection

from services.email_provisioning.adapters.scim.resources import MongoScimResources
from services.email_provisioning.domain.scim.wishes import GROUP_EXTENSION, USER_EXTENSION
from services.email_provisioning.usecases import officers
from services.email_provisioning.usecases.mail import requests
from services.email_provisioning.usecases.scim import mailboxes, serve
from tests.integration.email_provisioning.scim_wishes.wishes import (
    WARD,
    Document,
    at_work,
    hire,
    mailbox_of,
    officer_of,
    wanted,
)
from tests.support.directory import OPERATOR, DirectoryWorld
from tests.support.scim import WARD_IDP, IdentityProvider, do_due_wishes, group, provision, user


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
