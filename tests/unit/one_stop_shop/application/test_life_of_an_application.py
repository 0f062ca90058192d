"""Whatever people and time do to an application in whatever order, the law's promises hold."""

from datetime import timedelta
from itertools import pairwise
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from services.one_stop_shop.domain.clock import Clock
from services.one_stop_shop.domain.guards import OWED
from services.one_stop_shop.domain.statuses import Status
from services.one_stop_shop.domain.transitions import BY_ACTION, TRANSITIONS, allowed_actions
from services.one_stop_shop.usecases.context import actor_of
from services.one_stop_shop.usecases.fall_due import fire_due_work
from services.one_stop_shop.usecases.payments import record_payment_notice
from shared.contracts.principal import Principal
from shared.errors import Error
from shared.history import verify
from tests.support.shop_in_memory import catalogue
from tests.support.world import CITIZEN, HEAD, OTHER_SPECIALIST, POST, RECEPTION, SPECIALIST, STRANGER, SYSTEM, World
from tests.unit.one_stop_shop.application.journeys import act

PEOPLE = [CITIZEN, RECEPTION, SPECIALIST, OTHER_SPECIALIST, HEAD, SYSTEM, STRANGER]
ACTIONS = [row.action for row in TRANSITIONS if row.action != "link"]
PROCEDURES: dict[str, dict[str, Any]] = {
    "2.000635": {"components": [{"component": "to_khai", "originals": 1}]},
    "1.001612": {
        "components": [{"component": "giay_de_nghi", "originals": 1}],
        "answers": {"business_name": "Tạp hóa An"},
        "quantities": {},
    },
}
"""One for the same day whose clock keeps what is left, one for three working days whose clock begins again."""

RARE = {"refuse", "request_withdrawal", "record_synchronisation", "assign", "claim", "release"}
ENDS = (Status.REFUSED, Status.RETURNED)
SIDE_EVENTS = {
    "payment_refunded", "payment_received", "payment_failed", "payment_unmatched", "application_rated",
    "application_synchronised", "deadline_missed", "reception_late",
}  # fmt: skip
"""What may still be written down about an application that has come to its end."""


class LifeOfAnApplication(RuleBasedStateMachine):
    """People act, time passes, the payment platform reports, in any order."""

    @initialize(procedure=st.sampled_from(sorted(PROCEDURES)), channel=st.sampled_from([1, 2, 3]))
    def hand_in(self, procedure: str, channel: int) -> None:
        self.world = World()
        who = CITIZEN if channel == 2 else RECEPTION
        self.content = PROCEDURES[procedure]
        self.id = self.world.submit(who, procedure=procedure, channel=channel, delivery=POST, **self.content)
        self.code = self.world[self.id]["code"]
        self.due_moments = {self.world[self.id]["due_at"]}

    @rule(data=st.data(), choice=st.booleans())
    def somebody_does_what_is_allowed(self, data: st.DataObject, choice: bool) -> None:
        """Most of what people try is what they are shown; ends are rarer than in a throw of dice."""
        application = self.world[self.id]
        shown = [(who, what) for who in PEOPLE[:-1] for what in allowed_actions(application, actor_of(who))]
        onward = [(who, what) for who, what in shown if what in ACTIONS and what not in RARE] or shown
        person, action = data.draw(st.sampled_from(sorted(onward, key=lambda pair: (pair[1], pair[0].subject))))
        if action in ACTIONS:
            self._try(action, person, choice)

    @rule(action=st.sampled_from(ACTIONS), person=st.sampled_from(PEOPLE), choice=st.booleans())
    def anybody_tries_anything(self, action: str, person: Principal, choice: bool) -> None:
        """Most of it is refused."""
        self._try(action, person, choice)

    def _try(self, action: str, person: Principal, choice: bool) -> None:
        """Succeeds with exactly one more entry, or is refused and changes nothing."""
        before = {**self.world[self.id]}
        allowed = action in allowed_actions(before, actor_of(person)) and person is not STRANGER
        try:
            act(self.world, action, self.id, person, **self._choices(action, choice))
        except Error:
            assert self.world[self.id] == before
            return
        assert allowed, f"{action} was not allowed"
        after = self.world[self.id]
        assert after["version"] == before["version"] + 1
        assert after["status"] == after["history"][-1]["data"]["status"]
        if BY_ACTION[action].to in list(Status):
            assert after["status"] == BY_ACTION[action].to
        if action == "supply_supplement":
            asked = next(e for e in reversed(before["history"]) if e["type"] == "supplement_requested.v1")
            assert after["status"] == asked["data"]["previous_status"]

    def _choices(self, action: str, choice: bool) -> dict[str, Any]:
        match action:
            case "request_supplement":
                component = self.content["components"][0]["component"]
                return {"items": [{"component": component, "requirement": "Ký tên"}]}
            case "supply_supplement":
                return {"components": self.content["components"]}
            case "decide_withdrawal":
                return {"accept": choice}
            case "record_post_event":
                return {"state": "delivered" if choice else "failed", "receiver_name": "An"}
            case "record_payment":
                return {"amount": self.world[self.id]["payment"]["amount"] - (0 if choice else 1)}
            case "record_synchronisation":
                return {"version": self.world[self.id]["version"], "outcome": "done" if choice else "failed"}
        return {}

    @rule(hours=st.integers(1, 24 * 40))
    def time_passes(self, hours: int) -> None:
        """What falls due is told, however late somebody looks."""
        self.world.now += timedelta(hours=hours)
        fire_due_work(self.world.context, self.id)
        assert not [work for work in self.world[self.id]["due_work"] if work["at"] <= self.world.now]

    @rule(minutes=st.integers(1, 600))
    def time_passes_unseen(self, minutes: int) -> None:
        """Nobody looks for due work in the meantime."""
        self.world.now += timedelta(minutes=minutes)

    @precondition(lambda self: self.world[self.id]["payment"]["attempts"])
    @rule(code=st.sampled_from(["00", "00", "24"]), short_by=st.sampled_from([0, 0, 500]), data=st.data())
    def the_payment_platform_reports(self, code: str, short_by: int, data: st.DataObject) -> None:
        """Whatever it says, it may say it twice."""
        attempt = data.draw(st.sampled_from(self.world[self.id]["payment"]["attempts"]))
        notice = {
            "payment": attempt["payment"], "result_code": code, "amount": attempt["amount"] - short_by,
            "transaction": "T", "paid_at": self.world.now.isoformat(),
        }  # fmt: skip
        before = self.world[self.id]["payment"]["state"]
        met = attempt["state"] == "started" and before in OWED and code == "00" and not short_by
        first = record_payment_notice(self.world.context, notice, None)
        after = self.world[self.id]["payment"]["state"]
        assert (after == "paid") == (met or before == "paid"), "only the right amount, once, meets the obligation"
        version = self.world[self.id]["version"]
        assert record_payment_notice(self.world.context, notice, None) == first
        assert self.world[self.id]["version"] == version

    @invariant()
    def number_and_rules_never_change(self) -> None:
        application = self.world[self.id]
        assert application["code"] == self.code
        assert application["procedure"]["version"] == 1

    @invariant()
    def the_history_is_whole(self) -> None:
        application = self.world[self.id]
        assert len(application["history"]) == application["version"]
        assert verify(self.id, application["history"], version=application["version"], head=application["head"]) is None

    @invariant()
    def there_is_no_way_out_of_an_end(self) -> None:
        application = self.world[self.id]
        for before, after in pairwise(application["history"]):
            if before["data"]["status"] in ENDS:
                assert after["data"]["status"] == before["data"]["status"]
                assert after["type"].removesuffix(".v1") in SIDE_EVENTS
        withdrawn = application["status"] == Status.WITHDRAWN and application["withdrawal"]["state"] == "accepted"
        if withdrawn or application["status"] in ENDS:
            assert application["closed_at"]
            assert not application["open"]

    @invariant()
    def nobody_gets_more_time_than_the_law_gives(self) -> None:
        application = self.world[self.id]
        working_time = catalogue().working_time(application["received_agency"])
        if application["status"] == Status.SUBMITTED:
            left = working_time.between(self.world.now, application["reception_due_at"])
            assert left <= timedelta(hours=8)
        if not application["clock"] or not application["due_at"]:
            return
        clock = Clock.from_dict(application["clock"])
        law = working_time.between(clock.started_at, clock.first_due_at or clock.started_at)
        given = sum((working_time.between(e.former_due, e.new_due) for e in clock.extensions), timedelta())
        assert clock.remaining_minutes(working_time, self.world.now) <= (law + given) // timedelta(minutes=1)
        assert len(clock.extensions) <= 1

    @invariant()
    def a_moment_is_told_once(self) -> None:
        application = self.world[self.id]
        self.due_moments.add(application["due_at"])
        told = self.world.events(self.id)
        assert told.count("deadline_missed") <= len(self.due_moments - {None})
        renewed = sum(map(told.count, ("supplement_supplied", "payment_received", "payment_exempted")))
        assert told.count("reception_late") <= 1 + renewed
        assert application["next_due_at"] == min((w["at"] for w in application["due_work"]), default=None)

    @invariant()
    def the_machines_agree(self) -> None:
        application = self.world[self.id]
        payment, status = application["payment"], application["status"]
        if status == Status.PAYMENT:
            assert payment["state"] in OWED
        if status == Status.RETURNED:
            assert application["delivery"]["state"] in ("delivered", "requested", "failed")
        if payment["state"] == "paid":
            assert payment["receipt_number"]
            assert payment["paid_at"]
        clock = application["clock"]
        if status in (Status.RECEIVED, Status.IN_PROCESS):
            assert Clock.from_dict(clock).running
        if status in (Status.SUPPLEMENT, Status.PAYMENT, Status.STOPPED) and clock:
            assert Clock.from_dict(clock).paused


TestLifeOfAnApplication = LifeOfAnApplication.TestCase
TestLifeOfAnApplication.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
