"""Any sequence of actions, on several mailboxes of several people: what must never happen never does."""

from datetime import date, timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from services.email_provisioning.domain.actors import SYSTEM, Actor
from services.email_provisioning.domain.mail.addresses import Given, NamingPolicy, choose_address, may_take
from services.email_provisioning.domain.mail.desired import Desired, desired, prevails
from services.email_provisioning.domain.mail.mailbox import decide, request_mailbox
from services.email_provisioning.domain.mail.states import CHANGES, COUNTED, WANTED_ON_HOST, State, Suspension
from services.email_provisioning.domain.mail.surroundings import Pool, Surroundings
from shared.errors import Conflict

HOST = Actor("system", frozenset({SYSTEM}))
POLICY = NamingPolicy("cantho.gov.vn")
RETENTION, GRANT = 365, 4000
NAMES = {"an": "Nguyễn Văn An", "anh": "Nguyễn Viết Ân"}
"""Homonyms, so that they compete for addresses."""

ELSEWHERE = {"add_alias", "remove_alias", "change_group", "refresh"} | {
    change.action for change in CHANGES if "password" in change.action
}
"""What needs more than this house has; `test_life` and `test_passwords` beside it try them."""

ACTIONS = [change.action for change in CHANGES if change.action not in ELSEWHERE]


class Mailboxes(RuleBasedStateMachine):
    """A house with two agencies' pools, and a mail host that hears of generations in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.today = date(2026, 1, 1)
        self.boxes: dict[str, dict[str, Any]] = {}
        self.given: dict[str, Given] = {}
        self.told: list[Desired] = []
        self.host: dict[str, Desired] = {}
        self.newest: dict[str, int] = {}

    @rule(who=st.sampled_from(sorted(NAMES)), agency=st.sampled_from(["H13", "H56"]), quota=st.integers(1500, 2500))
    def request(self, who: str, agency: str, quota: int) -> None:
        identifier = f"m{len(self.boxes)}"
        address = choose_address(NAMES[who], POLICY, lambda one: not self.may_take(one, identifier))
        assert self.may_take(address, identifier)
        self.given[address] = Given(identifier)
        self.boxes[identifier] = request_mailbox(
            identifier, kind="personal", address=address, owner=who, agency=agency, quota=quota, today=self.today
        )

    @precondition(lambda self: self.boxes)
    @rule(
        which=st.integers(0, 10),
        action=st.sampled_from(ACTIONS),
        quota=st.integers(1500, 2500),
        agency=st.sampled_from(["H13", "H56"]),
        suspension=st.sampled_from(Suspension),
        ahead=st.integers(-5, 60),
        who=st.sampled_from(sorted(NAMES)),
    )
    def act(
        self, which: int, action: str, quota: int, agency: str, suspension: Suspension, ahead: int, who: str
    ) -> None:
        box = self.one(which)
        address = choose_address(NAMES[who], POLICY, {box["address"]}.__contains__)
        body = {
            "suspend": {"suspension": suspension},
            "schedule_revocation": {"revoke_on": self.today + timedelta(days=ahead)},
            "hold": {"reason": "vụ án"},
            "rename": {"address": address},
            "transfer": {"agency": agency},
            "hand_over": {"owner": who},
            "change_quota": {"quota": quota},
        }.get(action, {})
        before = box["state"]
        try:
            changes = decide(box, action, body, HOST, self.around(box, body))
        except Conflict:
            return
        assert not (action == "purge" and box["hold"])
        if action == "rename":
            self.given[address] = Given(box["_id"])
        box |= changes
        if box["state"] in (State.REVOKED, State.REFUSED) and before != box["state"]:
            self.release(box["_id"])
        if action == "reinstate":
            self.given[box["address"]] = Given(box["_id"])
        self.told.append(desired(box, self.today))
        self.newest[box["_id"]] = box["generation"]

    @precondition(lambda self: self.boxes)
    @rule(which=st.integers(0, 10), actions=st.sampled_from([("approve", "provision"), ("suspend", "revoke", "purge")]))
    def go_far(self, which: int, actions: tuple[str, ...]) -> None:
        """The common ways, so that chance need not find them."""
        for action in actions:
            self.act(which, action, 2000, "H13", Suspension.RECEIVE, 30, "an")

    @rule(days=st.sampled_from([1, 30, 200, 400]))
    def pass_time(self, days: int) -> None:
        self.today += timedelta(days=days)

    @precondition(lambda self: self.told)
    @rule(which=st.integers(0, 1000))
    def tell_host(self, which: int) -> None:
        """One of all instructions ever given arrives, perhaps late, perhaps again."""
        told = self.told[which % len(self.told)]
        if prevails(told, self.host.get(told.mailbox)):
            self.host[told.mailbox] = told

    def one(self, which: int) -> dict[str, Any]:
        return list(self.boxes.values())[which % len(self.boxes)]

    def may_take(self, address: str, holder: str) -> bool:
        return may_take(self.given.get(address), holder, self.today, RETENTION)

    def release(self, holder: str) -> None:
        for address, given in self.given.items():
            if given == Given(holder):
                self.given[address] = Given(holder, self.today)

    def around(self, box: dict[str, Any], body: dict[str, Any]) -> Surroundings:
        agency = body.get("agency", box["agency"])
        counted = [one for one in self.boxes.values() if one["agency"] == agency and one["state"] in COUNTED]
        if "agency" in body:
            counted = [one for one in counted if one is not box]
        owner = box["owners"][-1]["officer"]
        others = [one for one in self.boxes.values() if one is not box and one["owners"][-1]["officer"] == owner]
        return Surroundings(
            self.today,
            pool=Pool(GRANT, sum(one["quota"] for one in counted)),
            others_of_owner=sum(one["state"] in COUNTED for one in others),
            given=self.given.get(body.get("address", "")),
            retention_days=RETENTION,
        )

    @invariant()
    def nobody_has_two_personal_mailboxes(self) -> None:
        owners = [box["owners"][-1]["officer"] for box in self.boxes.values() if box["state"] in COUNTED]
        assert len(set(owners)) == len(owners)

    @invariant()
    def no_pool_is_overdrawn(self) -> None:
        for agency in ("H13", "H56"):
            boxes = [box for box in self.boxes.values() if box["agency"] == agency and box["state"] in COUNTED]
            assert sum(box["quota"] for box in boxes) <= GRANT

    @invariant()
    def no_address_leads_to_two(self) -> None:
        led: dict[str, str] = {}
        for box in self.boxes.values():
            for address in desired(box, self.today).addresses:
                assert led.setdefault(address, box["_id"]) == box["_id"]

    @invariant()
    def only_what_lives_and_is_not_suspended_lets_somebody_in(self) -> None:
        for box in self.boxes.values():
            told = desired(box, self.today)
            assert told.exists == (box["state"] in WANTED_ON_HOST)
            if told.login:
                assert box["state"] in (State.ACTIVE, State.SCHEDULED)
                assert box["suspension"] is None

    @invariant()
    def the_host_never_goes_back(self) -> None:
        for identifier, known in self.host.items():
            assert known.generation <= self.newest[identifier]
            heard = [told.generation for told in self.told if told.mailbox == identifier]
            assert known.generation in heard


TestMailboxes = Mailboxes.TestCase
TestMailboxes.settings = settings(max_examples=100, stateful_step_count=40, deadline=None)
