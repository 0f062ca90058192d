"""Officers in every service's copy: which events count, which roles a caller has, when their work is looked after."""

from datetime import UTC, date, datetime, timedelta
from itertools import permutations
from typing import Any

import pytest

from shared.contracts.base import ReceivedEvent
from shared.contracts.email_provisioning.events import OfficerAppointed, OfficerChanged, OfficerLeft, OfficerMoved
from shared.contracts.principal import Principal, Role
from shared.errors import Forbidden, Unavailable
from shared.officer_copies import LOOK_AGAIN, entitled, keep_officer, look_after_work, officer_named, own_record
from shared.officers import ELSEWHERE, NOT_IN_POST, OTHER_ROLE, UNKNOWN, Officer, unfit
from tests.support.officers import MemoryOfficers, announced, post

NOW = datetime(2026, 10, 5, 1, 0, tzinfo=UTC)
TODAY = date(2026, 10, 5)
WARD, DEPARTMENT = "H13.30.01", "H13.17"
HERE = post(WARD, "specialist")
ENDED = post(WARD, "specialist", ends_on="2026-10-04")
ENDING = post(WARD, "specialist", ends_on="2026-10-09")
THERE = post(DEPARTMENT, "head_of_unit", starts_on="2026-10-05")
CUONG = "Lê Văn Cường"


def told(event: Any, sequence: int, *posts: Any, **more: Any) -> ReceivedEvent:
    return announced(event, "cuong", sequence, CUONG, posts, **more)


def copy_of(*events: ReceivedEvent, now: datetime = NOW) -> MemoryOfficers:
    copies = MemoryOfficers()
    for event in events:
        keep_officer(copies, event, now)
    return copies


def looked_after(copies: MemoryOfficers, now: datetime) -> list[tuple[str, str | None]]:
    """What the due work of the row does now: whose account, and who takes over."""
    seen: list[tuple[str, str | None]] = []
    look_after_work(copies, "cuong", now, lambda account, _, heir: seen.append((account, heir.id if heir else None)))
    return seen


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_the_newest_event_counts_in_whatever_order_they_come(order: tuple[int, ...]) -> None:
    events = [told(OfficerAppointed, 1, HERE), told(OfficerMoved, 2, ENDED, THERE), told(OfficerLeft, 3, ENDED)]
    copies = copy_of(*(events[place] for place in order), events[order[0]])
    officer = copies.of_account("cuong")
    assert officer is not None
    assert list(officer.granted(TODAY)) == []
    assert copies.rows["cuong"]["heard"] == 3
    assert copies.rows["cuong"]["next_due_at"] == NOW, "whatever was heard first, the end is looked after"


@pytest.mark.parametrize(
    ("posts", "roles", "problem"),
    [
        ([HERE], ["specialist"], ""),
        ([post(WARD, "specialist", ends_on="2026-10-05")], ["specialist"], ""),
        ([HERE], ["head_of_unit"], OTHER_ROLE),
        ([post(WARD)], ["specialist"], OTHER_ROLE),
        ([ENDED], ["specialist"], NOT_IN_POST),
        ([post(WARD, "specialist", starts_on="2026-10-06")], ["specialist"], NOT_IN_POST),
        ([THERE], ["head_of_unit"], ELSEWHERE),
        ([ENDED, THERE], ["specialist"], NOT_IN_POST),
    ],
)
def test_work_takes_a_post_that_counts_today_at_the_agency_and_gives_the_role(
    posts: list[Any], roles: list[str], problem: str
) -> None:
    assert unfit(copy_of(told(OfficerAppointed, 1, *posts)).of_account("cuong"), {WARD}, roles, TODAY) == problem


def test_nobody_is_given_work_under_an_account_that_nobody_has() -> None:
    assert unfit(None, {WARD}, ["specialist"], TODAY) == UNKNOWN
    copies = copy_of(told(OfficerAppointed, 1, HERE))
    assert officer_named(copies, "nobody", NOW) is None
    with pytest.raises(Forbidden, match="officer_unknown"):
        own_record(copies, "nobody", NOW)
    with pytest.raises(Unavailable, match="officers_awaited"):
        officer_named(MemoryOfficers(), "cuong", NOW)


class TestLooking:
    def test_who_gains_something_has_nothing_to_hand_on(self) -> None:
        copies = copy_of(told(OfficerAppointed, 1, HERE), told(OfficerAppointed, 2, HERE, THERE))
        assert copies.rows["cuong"]["next_due_at"] is None

    def test_what_ended_is_looked_after_at_once_and_once_more(self) -> None:
        copies = copy_of(told(OfficerAppointed, 1, HERE), told(OfficerLeft, 2, ENDED, successor="binh"))
        keep_officer(copies, announced(OfficerAppointed, "binh", 1, "Bình", [HERE]), NOW)
        assert looked_after(copies, NOW) == [("cuong", "binh")]
        assert copies.rows["cuong"]["next_due_at"] == NOW + LOOK_AGAIN
        looked_after(copies, NOW + LOOK_AGAIN)
        assert copies.rows["cuong"]["next_due_at"] is None

    def test_a_later_event_does_not_cancel_the_look_that_is_owed(self) -> None:
        copies = copy_of(told(OfficerAppointed, 1, HERE), told(OfficerLeft, 2, ENDED), told(OfficerAppointed, 3, HERE))
        assert copies.rows["cuong"]["next_due_at"] == NOW

    def test_a_look_overtaken_by_an_event_is_taken_again(self) -> None:
        copies = copy_of(told(OfficerAppointed, 1, HERE), told(OfficerMoved, 2, ENDED, THERE))

        def overtaken(*_: Any) -> None:
            keep_officer(copies, told(OfficerLeft, 3, ENDED), NOW)

        look_after_work(copies, "cuong", NOW, overtaken)
        assert copies.rows["cuong"]["next_due_at"] == NOW

    def test_a_post_also_ends_by_the_calendar(self) -> None:
        copies = copy_of(told(OfficerAppointed, 1, HERE), told(OfficerLeft, 2, ENDING))
        midnight = datetime(2026, 10, 9, 17, 0, tzinfo=UTC)
        assert copies.rows["cuong"]["next_due_at"] == midnight, "the tenth of October begins in Viet Nam"
        assert looked_after(copies, midnight) == [("cuong", None)]
        assert copies.rows["cuong"]["next_due_at"] == midnight + LOOK_AGAIN

    def test_who_was_gone_when_first_heard_of_is_looked_after_too(self) -> None:
        assert copy_of(told(OfficerLeft, 4, ENDED)).rows["cuong"]["next_due_at"] == NOW

    def test_work_under_an_account_that_was_given_up_is_looked_after_until_it_is_done(self) -> None:
        copies = copy_of(told(OfficerAppointed, 1, HERE), told(OfficerChanged, 2, HERE, account="cuong.lv"))
        assert looked_after(copies, NOW) == [("cuong.lv", None), ("cuong", None)]
        looked_after(copies, NOW + LOOK_AGAIN)
        assert copies.rows["cuong"]["accounts"] == ["cuong.lv"]


class TestRights:
    OFFICER = Principal("cuong", CUONG, frozenset({Role.SPECIALIST, Role.HEAD_OF_UNIT}), agency=WARD)

    def roles(self, principal: Principal, *posts: Any, now: datetime = NOW) -> set[Role]:
        copies = copy_of(told(OfficerAppointed, 1, *posts))
        found = entitled(principal, copies, lambda agency, _: {agency}, now)
        assert found is not None
        return set(found.roles)

    def test_a_token_gives_no_more_than_the_posts(self) -> None:
        assert self.roles(self.OFFICER, HERE) == {Role.SPECIALIST}

    def test_who_holds_no_post_at_the_agency_may_do_nothing_there(self) -> None:
        for posts in ([ENDED], [THERE], [ENDED, THERE]):
            with pytest.raises(Forbidden, match="post_not_held"):
                self.roles(self.OFFICER, *posts)

    def test_a_token_for_no_agency_needs_a_post_anywhere(self) -> None:
        editor = Principal("cuong", CUONG, frozenset({Role.CATALOGUE_EDITOR}))
        assert self.roles(editor, ENDED, post(DEPARTMENT, "catalogue_editor")) == {Role.CATALOGUE_EDITOR}
        with pytest.raises(Forbidden, match="post_not_held"):
            self.roles(editor, HERE)

    def test_the_last_day_counts_to_its_midnight(self) -> None:
        midnight = datetime(2026, 10, 9, 17, 0, tzinfo=UTC)
        assert self.roles(self.OFFICER, ENDING, now=midnight - timedelta(seconds=1)) == {Role.SPECIALIST}
        with pytest.raises(Forbidden, match="post_not_held"):
            self.roles(self.OFFICER, ENDING, now=midnight)

    def test_nothing_is_taken_from_those_whom_the_directory_does_not_know_nor_what_no_post_gives(self) -> None:
        program = Principal("program", "Hệ thống", frozenset({Role.SPECIALIST}), agency=WARD)
        assert self.roles(program, HERE) == {Role.SPECIALIST}
        also_citizen = Principal("cuong", CUONG, frozenset({Role.CITIZEN, Role.SPECIALIST}), agency=WARD)
        assert self.roles(also_citizen, ENDED) == {Role.CITIZEN}
        operator = Principal("cuong", CUONG, frozenset({Role.OPERATOR}))
        assert self.roles(operator, ENDED) == {Role.OPERATOR}
        assert entitled(None, copy_of(), lambda *_: (), NOW) is None


def test_an_officer_is_read_from_what_the_directory_stores_too() -> None:
    plain = {
        "_id": "x",
        "name": "X",
        "posts": [{"agency": WARD, "roles": [], "starts_on": "2026-01-01", "ends_on": None}],
    }
    officer = Officer.from_dict(plain)
    assert (officer.account, officer.successor, officer.next_end(TODAY)) == (None, None, None)
