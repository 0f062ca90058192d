"""A random walk through the life of documents."""

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from typing import Any

from services.document_routing.domain.deliveries import answer_to, current
from services.document_routing.domain.edxml.message import (
    Business,
    Code,
    DocumentMessage,
    DocumentType,
    Header,
    Manifest,
    Organ,
    Promulgation,
    ReceiverChange,
    Reference,
    Replacement,
    Trace,
    UpdateInfo,
)
from services.document_routing.domain.statuses import AGREED, ENDING, RECALL_ASKED, REFUSED
from services.document_routing.domain.transitions import INCOMING, OUTGOING, allowed_actions
from services.document_routing.usecases.arrivals import arrival_id
from services.document_routing.usecases.context import actor_of
from shared.errors import Error
from shared.history import verify
from tests.support.document_world import (
    CLERK,
    FILE,
    OTHER_WARD,
    STRANGER,
    WARD,
)
from tests.support.exchange_world import ExchangeWorld
from tests.unit.document_routing.sides import BODIES, CITY, POLICE, RECEIVERS, STAFF, System, void

STEPS = 150


class Walk:
    """Some documents on their way; everybody acts as chance will have it."""

    def __init__(self, seed: int) -> None:
        self.chance = Random(seed)
        self.world = ExchangeWorld()
        self.systems = [System(self.world, OTHER_WARD), System(self.world, POLICE)]
        for system in self.systems:
            self.world.connect(system.agency, "system")

    def go(self) -> None:
        steps: list[Callable[[], None]] = [self.act_on_document, *[self.act_on_arrival] * 5]
        steps += [self.change_document, *[self.act_as_system] * 4, self.send_as_system]
        for _ in range(STEPS):
            if len(self.world.documents.documents) < 8 and self.chance.random() < 0.2:
                self.begin()
            self.chance.choice(steps)()
            self.let_follow()
            self.check()
        self.finish()
        for collection in (self.world.documents, self.world.arrivals, self.world.packages, self.world.messages):
            for key, one in collection.documents.items():
                assert verify(key, one["history"], version=one["version"], head=one["head"]) is None

    def let_follow(self) -> None:
        """All that follows, a part of it, or nothing yet; events of one aggregate stay in order."""
        if self.chance.random() < 0.5:
            self.world.settle()
        for _ in range(self.chance.choice((0, 1, 3))):
            subjects = list({event.subject: event for event in reversed(self.world.pending)}.values())
            if subjects:
                event = self.chance.choice(subjects)
                self.world.pending.remove(event)
                self.world.apply(event)

    def finish(self) -> None:
        """Let every event follow and every system store what it is offered; then compare."""
        for _ in range(3):
            self.world.settle()
            for system in self.systems:
                for package in self.world.offered(system.principal):
                    self.try_out(lambda system=system, package=package: system.receive(package))  # type: ignore[misc]
        self.world.settle()
        self.check()
        for document in self.world.documents.documents.values():
            for delivery in current(document["deliveries"]):
                self._check_system(document, delivery)

    def begin(self) -> None:
        """Some begin where they are ready to be issued, or few would come far."""
        known = self.world.documents.documents.items()
        issued = [key for key, one in known if self._own(one, WARD) and not one["replaced_by"]]
        replaces = self.chance.choice(issued) if issued and self.chance.random() < 0.4 else None
        named = self.chance.sample(RECEIVERS, self.chance.randint(1, 3))
        content = {"receivers": [{"agency": code} for code in named], "replaces": replaces}
        document = self.chance.choice((self.world.draft, *[self.world.signed] * 3))(**content)
        if self.chance.random() < 0.9 and self.world.documents.documents[document]["status"] == "signed":
            self.try_out(lambda: self.world.on_document("issue_document", document, CLERK))

    def _own(self, document: dict[str, Any], agency: str) -> bool:
        return bool(document["agency"] == agency and document["status"] == "issued")

    def change_document(self) -> None:
        """Recall, correct or send again what was issued."""
        known = [key for key, one in self.world.documents.documents.items() if self._own(one, WARD)]
        if not known:
            return
        document, chance = self.chance.choice(known), self.chance
        some = chance.sample(RECEIVERS, chance.randint(0, 2))
        self.later()
        if chance.random() < 0.5:
            self.try_out(
                lambda: self.world.on_document("recall_document", document, CLERK, reason="Nhầm", receivers=some)
            )
            return
        body: dict[str, Any] = {"add_receivers": [{"agency": code} for code in some]}
        if chance.random() < 0.6:
            body["subject"] = f"Bản đính chính {chance.randint(1, 3)}"
        self.try_out(lambda: self.world.on_document("update_document", document, CLERK, reason="Đính chính", **body))

    def act_on_document(self) -> None:
        known = {key: one for key, one in self.world.documents.documents.items() if one["source"] == "desk"}
        if known:
            self._act(known, OUTGOING[:-2], STAFF[WARD], self.world.on_document)

    def act_on_arrival(self) -> None:
        known = self.world.arrivals.documents
        if known:
            side = STAFF[known[sorted(known)[0]]["agency"]]
            self._act(known, INCOMING, side, self.world.on_arrival)

    def _act(self, known: Any, table: Any, side: Any, do: Any) -> None:
        """Mostly one of the right side does what they may; sometimes anybody tries anything, without a trace."""
        key = self.chance.choice(sorted(known))
        side = STAFF[known[key]["agency"]]
        anybody = [one for staff in STAFF.values() for one in staff]
        principal = self.chance.choice([*side * 4, STRANGER, *anybody])
        allowed = allowed_actions(table, known[key], actor_of(principal))
        action = self.chance.choice([*allowed * 6, *(row.action for row in table)])
        body = {"accept": self.chance.random() < 0.5} if action == "answer_request" else BODIES.get(action, {})
        self.later()
        if self.chance.random() < 0.1:
            self.world.fire()
            return
        self.try_out(lambda: do(action, key, principal, **body))

    def act_as_system(self) -> None:
        """A system fetches, stores, fails, tells, or answers."""
        system, chance = self.chance.choice(self.systems), self.chance
        self.later()
        offered = self.world.offered(system.principal)
        if offered and chance.random() < 0.6:
            package = offered[0]
            act = chance.choice((system.receive, system.receive, self.fetch_only(system), self.fail(system)))
            self.try_out(lambda: act(package))
        elif system.held:
            about = chance.choice(sorted(system.held))
            held = system.held[about]
            before = system.replaced_by(about)
            if before or held["asked"]:
                first = before or about
                self.try_out(lambda: system.answer(first, chance.random() < 0.5))
            elif following := {"01": ("02", "03"), "03": ("04", "05"), "05": ("06",)}.get(held["status"]):
                self.try_out(lambda: system.progress(about, chance.choice(following)))

    def fetch_only(self, system: System) -> Callable[[dict[str, Any]], None]:
        return lambda package: void(self.world.fetch(system.principal, package["id"]))

    def fail(self, system: System) -> Callable[[dict[str, Any]], None]:
        return lambda package: void(self.world.acknowledge(system.principal, package["id"], "fail"))

    def send_as_system(self) -> None:
        """The other ward's system sends, corrects, replaces and recalls documents of its own."""
        system, chance = self.systems[0], self.chance
        self.later()
        receivers = chance.sample((WARD, CITY, POLICE), chance.randint(1, 3))
        number = len(system.sent) + 1
        business = chance.choice((0, 1, 2, 3)) if system.sent else 0
        about = chance.choice(system.sent) if system.sent else (0, "")
        if business in (1, 2):
            number = about[0]
        message = self.message_of(system, number, receivers, business, about[1])

        def act() -> None:
            self.world.send(message, system.principal)
            if business in (0, 3):
                system.sent.append((number, message.header.document))

        self.try_out(act)

    def message_of(
        self, system: System, number: int, receivers: list[str], business: int, about: str
    ) -> DocumentMessage:
        day, symbol = date(2026, 10, 5), "UBND-HT"
        header = Header(
            sender=Organ(system.agency, "", "UBND phường Hạc Thành"),
            receivers=tuple(map(Organ, receivers)),
            document=f"{system.agency},2026/10/05,{number}/{symbol}",
            code=Code(str(number), symbol),
            promulgation=Promulgation("", day),
            type=DocumentType(name="Công văn"),
            subject=f"V/v phối hợp, bản {self.chance.randint(1, 3)}",
        )
        named = self.chance.sample(receivers, 1) if self.chance.random() < 0.5 else []
        said = Business(
            business,
            "lý do",
            header.document if business in (1, 2) else "",
            update=UpdateInfo(True, bool(named), tuple(ReceiverChange(code, 1) for code in named)),
            replaces=(Replacement(about),) if business == 3 else (),
        )
        reference = Reference(FILE, "application/pdf", "", "cong-van.pdf")
        return DocumentMessage(header, Trace((), said), Manifest(() if business == 1 else (reference,)))

    def later(self) -> None:
        self.world.now += timedelta(minutes=self.chance.choice((1, 1, 60, 600)))

    def try_out(self, act: Callable[[], Any]) -> None:
        """Who may not act leaves no trace."""
        kept = (self.world.documents, self.world.arrivals, self.world.packages)
        before = [{key: one["version"] for key, one in store.documents.items()} for store in kept]
        try:
            act()
        except Error:
            assert [{key: one["version"] for key, one in store.documents.items()} for store in kept] == before

    def check(self) -> None:
        for collection, name, year in (
            (self.world.documents, "number", "year"),
            (self.world.arrivals, "arrival_number", "arrival_year"),
        ):
            numbers: dict[Any, list[int]] = {}
            for one in collection.documents.values():
                if one[name] is not None:
                    numbers.setdefault((one["agency"], one[year]), []).append(one[name])
            for given_numbers in numbers.values():
                assert sorted(given_numbers) == list(range(1, len(given_numbers) + 1))
        if not self.world.pending:
            for document in self.world.documents.documents.values():
                for delivery in document["deliveries"]:
                    if delivery["mode"] == "desk":
                        self._check_desk(document, delivery)

    def _check_desk(self, document: dict[str, Any], delivery: dict[str, Any]) -> None:
        """The sender's view of a desk is what the desk knows of itself, request by request."""
        identifier = arrival_id(document["_id"], delivery["receiver"], delivery["sending"])
        arrival = self.world.arrivals.documents.get(identifier)
        assert (arrival is None) == (delivery["cancelled"] is not None)
        if arrival is None:
            return
        asked = {one["id"]: one["answer"] for one in arrival["requests"]}
        if arrival["status"] == AGREED:
            asked = {one["id"]: AGREED for one in delivery["requests"]} | asked
        if arrival["status"] != REFUSED:
            assert {one["id"]: answer_to(delivery, one["id"]) for one in delivery["requests"]} == asked
            assert (arrival["status"] == AGREED) == any(
                one["kind"] in ENDING and one["answer"] == AGREED for one in arrival["requests"]
            )
        waits = any(one["kind"] == "recall" and one["answer"] is None for one in arrival["requests"])
        ended = arrival["status"] in (REFUSED, AGREED)
        assert delivery["standing"] == (RECALL_ASKED if waits and not ended else arrival["status"])

    def _check_system(self, document: dict[str, Any], delivery: dict[str, Any]) -> None:
        """The sender's view of a system is what the system knows from its packages."""
        system = next((one for one in self.systems if one.agency == delivery["receiver"]), None)
        if system is None or delivery["transport"] == "fail":
            return
        held = system.held.get(document["exchange_id"])
        if delivery["cancelled"]:
            first = delivery["sending"] == 1
            assert not (first and held), "what was held back is not there"
            return
        assert held is not None
        assert delivery["transport"] == "done"
        waiting = [one["kind"] for one in delivery["requests"] if answer_to(delivery, one["id"]) is None]
        if held["status"] != REFUSED and not self._replacement_failed(document, delivery["receiver"]):
            assert len(waiting) == len(held["asked"]), "a replacement may come as the wish to have the old one back"
            assert delivery["standing"] == (RECALL_ASKED if "recall" in waiting else held["status"])

    def _replacement_failed(self, document: dict[str, Any], receiver: str) -> bool:
        """Whether the receiver could not store the new document, and so does not know that it replaces."""
        new = self.world.documents.documents.get(document["replaced_by"] or "", {"deliveries": []})
        return any(one["receiver"] == receiver and one["transport"] == "fail" for one in new["deliveries"])

    def happened(self) -> Counter[str]:
        aggregates = [*self.world.documents.documents, *self.world.arrivals.documents]
        found = Counter(event for key in aggregates for event in self.world.events(key))
        every = [one for document in self.world.documents.documents.values() for one in document["deliveries"]]
        found["sent again"] += sum(one["sending"] > 1 for one in every)
        found["held back"] += sum(one["cancelled"] is not None for one in every)
        held = [one for system in self.systems for one in system.held.values()]
        found["given up by a system"] += sum(one["status"] == AGREED for one in held)
        for one in self.world.arrivals.documents.values():
            found.update(f"{asked['kind']} {asked['answer']}" for asked in one["requests"])
        return found
