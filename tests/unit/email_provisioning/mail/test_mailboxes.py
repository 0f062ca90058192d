"""The life of a mailbox: every row of the table, its guards, and what a host is told."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from services.email_provisioning.domain.actors import ADMINISTRATOR, LINK_HOLDER, OPERATOR, OWNER, SYSTEM, Actor
from services.email_provisioning.domain.mail.addresses import Given
from services.email_provisioning.domain.mail.desired import Delivery, desired, prevails
from services.email_provisioning.domain.mail.mailbox import decide, request_mailbox, revocation_day
from services.email_provisioning.domain.mail.states import CHANGES, State, Suspension
from services.email_provisioning.domain.mail.surroundings import Pool, Surroundings
from shared.errors import Conflict, Forbidden

TODAY = date(2026, 11, 23)
AROUND = Surroundings(TODAY)
HOUSE = Actor("operator", frozenset({OPERATOR}))
HOST = Actor("system", frozenset({SYSTEM}))
ANYBODY = Actor("anybody", frozenset({SYSTEM, OPERATOR, ADMINISTRATOR, OWNER, LINK_HOLDER}))
ADMIN = Actor("admin", frozenset({ADMINISTRATOR}), "H13")

BODIES: dict[str, dict[str, Any]] = {
    "suspend": {"suspension": Suspension.RECEIVE},
    "schedule_revocation": {"revoke_on": TODAY + timedelta(days=180)},
    "hold": {"reason": "Công văn số 5/CQĐT"},
    "rename": {"address": "nvanh@cantho.gov.vn"},
    "transfer": {"agency": "H13.06"},
    "hand_over": {"owner": "binh"},
    "change_quota": {"quota": 4096},
    "add_alias": {"address": "an@cantho.gov.vn", "until": TODAY + timedelta(days=30)},
    "remove_alias": {"address": "an@cantho.gov.vn"},
    "change_group": {"posters": {"who": "listed", "addresses": ["nvanh@cantho.gov.vn"]}},
    "refresh": {"targets": ["nvanh@cantho.gov.vn"]},
    "issue_password_link": {"link": {"hash": "h", "used": False}},
    "set_password": {"password": "{HASH}x"},
    "make_app_password": {"made": {"id": "a2", "name": "Điện thoại", "hash": "{APP}y"}},
    "revoke_app_password": {"app_password": "a1"},
}
PRESENT: dict[str, dict[str, Any]] = {
    "release_hold": {"hold": "vụ án"},
    "remove_alias": {"aliases": [{"address": "an@cantho.gov.vn", "until": "2026-12-31"}]},
    "set_password": {"link": {"hash": "h", "used": False}},
    "change_group": {"kind": "group"},
}
"""What must be there for an action to mean something."""


def mailbox(kind: str = "personal") -> dict[str, Any]:
    return request_mailbox(
        "m1", kind=kind, address="nvan@cantho.gov.vn", owner="an", agency="H13.30.01", quota=2048, today=TODAY
    )


def after(*actions: str, kind: str = "personal", around: Surroundings = AROUND) -> dict[str, Any]:
    box = mailbox(kind)
    for action in actions:
        box |= decide(box, action, BODIES.get(action, {}), HOST, around)
    return box


LIFE = ("approve", "provision")
ARCHIVED = (*LIFE, "suspend", "revoke")
REACHED = {
    State.REQUESTED: (),
    State.REFUSED: ("refuse",),
    State.APPROVED: ("approve",),
    State.ACTIVE: LIFE,
    State.SUSPENDED: (*LIFE, "suspend"),
    State.SCHEDULED: (*LIFE, "schedule_revocation"),
    State.REVOKED: ARCHIVED,
}


@pytest.mark.parametrize("row", CHANGES, ids=lambda row: row.action)
@pytest.mark.parametrize("state", REACHED)
def test_the_table_decides_what_may_follow(row: Any, state: State) -> None:
    later = replace(AROUND, today=TODAY + timedelta(days=400))
    box = after(*REACHED[state], kind="unit") | PRESENT.get(row.action, {})
    if row.action == "revoke_app_password":
        box |= {"app_passwords": [{"id": "a1", "secrets": box["secrets"]}]}
    around = later if row.action in ("purge", "revoke") else AROUND
    if state not in row.sources:
        with pytest.raises(Conflict, match="mailbox_action_not_allowed"):
            decide(box, row.action, BODIES.get(row.action, {}), ANYBODY, around)
        return
    changed = box | decide(box, row.action, BODIES.get(row.action, {}), ANYBODY, around)
    assert changed["generation"] == box["generation"] + (0 if row.quiet else 1)
    if row.to is not None:
        assert changed["state"] == row.to


def test_only_the_house_approves_and_only_the_host_provisions() -> None:
    with pytest.raises(Forbidden, match="role_not_allowed"):
        decide(mailbox(), "approve", {}, ADMIN, AROUND)
    with pytest.raises(Forbidden, match="role_not_allowed"):
        decide(after("approve"), "provision", {}, HOUSE, AROUND)
    assert decide(after(*LIFE), "suspend", BODIES["suspend"], ADMIN, AROUND)["state"] == State.SUSPENDED


@pytest.mark.parametrize(
    ("actions", "action", "body", "around", "refusal"),
    [
        ((), "approve", {}, replace(AROUND, others_of_owner=1), "mailbox_not_the_only_one"),
        ((), "approve", {}, replace(AROUND, pool=Pool(4096, 3000)), "mailbox_pool_exhausted"),
        (LIFE, "change_quota", {"quota": 4000}, replace(AROUND, pool=Pool(4096, 3000)), "mailbox_pool_exhausted"),
        (LIFE, "transfer", {"agency": "H56"}, replace(AROUND, pool=Pool(2000, 0)), "mailbox_pool_exhausted"),
        (LIFE, "schedule_revocation", {"revoke_on": TODAY}, AROUND, "mailbox_day_not_ahead"),
        ((*LIFE, "schedule_revocation"), "revoke", {}, AROUND, "mailbox_day_not_come"),
        (ARCHIVED, "purge", {}, replace(AROUND, today=TODAY + timedelta(days=365)), "mailbox_retained"),
        ((*ARCHIVED, "hold"), "purge", {}, replace(AROUND, today=TODAY + timedelta(days=999)), "mailbox_held"),
        (ARCHIVED, "reinstate", {}, replace(AROUND, others_of_owner=1), "mailbox_not_the_only_one"),
        (LIFE, "release_hold", {}, AROUND, "mailbox_not_held"),
        (LIFE, "rename", BODIES["rename"], replace(AROUND, given=Given("m2")), "mailbox_address_taken"),
        (LIFE, "hand_over", BODIES["hand_over"], AROUND, "mailbox_is_personal"),
        (LIFE, "rename", {"address": "nvan@cantho.gov.vn"}, AROUND, "mailbox_address_same"),
        (LIFE, "add_alias", BODIES["add_alias"] | {"until": TODAY - timedelta(days=1)}, AROUND, "mailbox_alias_over"),
        (LIFE, "add_alias", BODIES["add_alias"], replace(AROUND, given=Given("m2", TODAY)), "mailbox_address_taken"),
        (LIFE, "remove_alias", BODIES["remove_alias"], AROUND, "mailbox_alias_unknown"),
        (LIFE, "change_group", BODIES["change_group"], AROUND, "mailbox_is_no_group"),
        (LIFE, "revoke_app_password", {"app_password": "a1"}, AROUND, "mailbox_app_password_unknown"),
        (
            (*LIFE, "suspend", "schedule_revocation"),
            "issue_password_link",
            BODIES["issue_password_link"],
            AROUND,
            "mailbox_suspended",
        ),
    ],
)
def test_guards(actions: Any, action: str, body: dict[str, Any], around: Surroundings, refusal: str) -> None:
    with pytest.raises(Conflict, match=refusal):
        decide(after(*actions), action, body, ANYBODY, around)


def test_a_mailbox_without_an_owner_is_not_approved() -> None:
    box = mailbox("unit") | {"owners": [{"officer": "an", "from": "2026-01-01", "until": "2026-02-01"}]}
    with pytest.raises(Conflict, match="mailbox_without_owner"):
        decide(box, "approve", {}, HOUSE, AROUND)


@pytest.mark.parametrize(
    ("action", "full", "refusal"),
    [
        ("add_alias", {"aliases": [{"address": f"a{n}@x.vn", "until": "2027-01-01"} for n in range(50)]}, "aliases"),
        ("make_app_password", {"app_passwords": [{"id": f"a{n}", "secrets": 1} for n in range(20)]}, "app_passwords"),
    ],
)
def test_what_stands_in_a_mailbox_itself_is_bounded(action: str, full: dict[str, Any], refusal: str) -> None:
    with pytest.raises(Conflict, match=f"mailbox_too_many_{refusal}"):
        decide(after(*LIFE) | full, action, BODIES[action], ANYBODY, AROUND)


@pytest.mark.parametrize("action", ["change_quota", "issue_password_link", "make_app_password"])
def test_a_group_has_no_size_and_nothing_to_sign_in_with(action: str) -> None:
    with pytest.raises(Conflict, match="mailbox_is_group"):
        decide(after(*LIFE, kind="group"), action, BODIES[action], ANYBODY, AROUND)


def test_giving_quota_back_needs_no_room() -> None:
    full = replace(AROUND, pool=Pool(1000, 5000))
    assert decide(after(*LIFE), "change_quota", {"quota": 100}, ADMIN, full)["quota"] == 100


@pytest.mark.parametrize(
    ("suspension", "delivery"),
    [
        (Suspension.RECEIVE, Delivery.ACCEPT),
        (Suspension.BOUNCE, Delivery.REJECT),
        (Suspension.HOLD, Delivery.DEFER),
    ],
)
def test_a_suspended_mailbox_lets_nobody_in_and_voids_every_secret(suspension: Suspension, delivery: Delivery) -> None:
    active = after(*LIFE)
    box = active | decide(active, "suspend", {"suspension": suspension}, ADMIN, AROUND)
    told = desired(box, TODAY)
    assert (told.exists, told.login, told.delivery) == (True, False, delivery)
    assert told.secrets == desired(active, TODAY).secrets + 1
    restored = box | decide(box, "restore", {}, ADMIN, AROUND)
    assert (desired(restored, TODAY).login, desired(restored, TODAY).secrets) == (True, told.secrets)


def test_a_suspended_mailbox_stays_shut_while_its_revocation_is_scheduled() -> None:
    box = after(*LIFE, "suspend", "schedule_revocation")
    assert not desired(box, TODAY).login
    back = box | decide(box, "cancel_revocation", {}, ADMIN, AROUND)
    assert (back["state"], desired(back, TODAY).login, back["revoke_on"]) == (State.SUSPENDED, False, None)
    open_one = after(*LIFE, "schedule_revocation")
    assert desired(open_one, TODAY).login
    assert (open_one | decide(open_one, "cancel_revocation", {}, ADMIN, AROUND))["state"] == State.ACTIVE


def test_nothing_is_on_a_host_before_approval_and_after_revoking() -> None:
    for actions in ((), ARCHIVED, ("refuse",)):
        told = desired(after(*actions), TODAY)
        assert (told.exists, told.login, told.addresses, told.quota) == (False, False, (), 0)
        assert told.delivery is Delivery.REJECT


def test_an_approved_mailbox_is_made_but_opened_only_once_it_is_there() -> None:
    made, there = desired(after("approve"), TODAY), desired(after(*LIFE), TODAY)
    assert (made.exists, made.login, made.delivery) == (True, False, Delivery.ACCEPT)
    assert (there.exists, there.login, there.generation) == (True, True, made.generation + 1)


def test_nobody_signs_in_to_a_group() -> None:
    assert not desired(after(*LIFE, kind="group"), TODAY).login


def test_a_renamed_mailbox_answers_to_its_old_address_for_a_while() -> None:
    box = after(*LIFE, "rename")
    end = TODAY + timedelta(days=AROUND.alias_days)
    assert desired(box, end).addresses == ("nvanh@cantho.gov.vn", "nvan@cantho.gov.vn")
    assert desired(box, end + timedelta(days=1)).addresses == ("nvanh@cantho.gov.vn",)
    back = box | decide(box, "rename", {"address": "nvan@cantho.gov.vn"}, ADMIN, AROUND)
    assert desired(back, TODAY).addresses == ("nvan@cantho.gov.vn", "nvanh@cantho.gov.vn")


def test_a_unit_mailbox_remembers_who_had_it() -> None:
    box = after(*LIFE, "hand_over", kind="unit")
    assert box["owners"] == [
        {"officer": "an", "from": "2026-11-23", "until": "2026-11-23"},
        {"officer": "binh", "from": "2026-11-23", "until": None},
    ]
    assert box["secrets"] == 2, "the former owner's passwords are void"


def test_an_older_instruction_never_wins() -> None:
    old, new = desired(after(*LIFE), TODAY), desired(after(*LIFE, "suspend"), TODAY)
    assert (prevails(new, old), prevails(old, new), prevails(new, new), prevails(old, None)) == (
        True,
        False,
        True,
        True,
    )


@pytest.mark.parametrize(
    ("left_on", "leader", "day"),
    [
        (date(2026, 11, 30), False, date(2027, 5, 30)),
        (date(2026, 8, 31), False, date(2027, 2, 28)),
        (date(2027, 8, 31), False, date(2028, 2, 29)),
        (date(2026, 12, 31), True, date(2027, 12, 31)),
        (date(2028, 2, 29), True, date(2029, 2, 28)),
    ],
)
def test_who_left_keeps_the_mailbox_for_some_months(left_on: date, leader: bool, day: date) -> None:
    assert revocation_day(left_on, leader=leader) == day
