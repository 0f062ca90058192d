"""Two thousand changes of mailboxes while agent, service, broker and Dovecot are killed: all ends in agreement."""

import random
import sqlite3
import threading
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from pymongo import MongoClient

from local.mail import MailHost, WithoutMail
from local.processes import Process
from services.email_provisioning.domain.mail.desired import desired
from shared.wall_clock import current_moment
from tests.support import stack
from tests.support.mail_client import Mailer
from tests.support.running import eventually
from tests.support.stack import Stack
from tests.support.timetable import Timetable

Document = dict[str, Any]
WHY = "Công văn số 47/VP ngày 20/11/2026"
PASSWORD = "bon con trau gam co xanh"
VICTIMS = ("mail-agent", "email_provisioning", "broker", "dovecot")
CHANGES, KILLS, PEOPLE, HANDS = 2000, 8, 32, 4
ADDRESSES = 300
"""So few that several mailboxes want the same one."""

PATIENCE = 120.0
SOON_GIVEN_UP = 3
"""Seconds after which the database gives up a transaction whose process is dead; until then others wait for it."""


@dataclass
class Ledger:
    """What was answered to those who change mailboxes, and which address was given to whom."""

    accepted: int = 0
    refused: dict[str, int] = field(default_factory=dict)
    repeated: int = 0
    given: dict[str, set[str]] = field(default_factory=dict)
    broken: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, mailbox: str, answer: httpx.Response) -> None:
        """A final answer."""
        with self.lock:
            if answer.status_code == 200:
                self.accepted += 1
                self.given.setdefault(answer.json()["address"], set()).add(mailbox)
            else:
                code = answer.json()["code"]
                self.refused[code] = self.refused.get(code, 0) + 1

    def count_repetition(self) -> None:
        """An answer that did not come, or was none."""
        with self.lock:
            self.repeated += 1


class Hand(threading.Thread):
    """Somebody who changes some mailboxes, one change after the other, each repeated until it is answered."""

    def __init__(self, platform: Stack, mailboxes: list[str], ledger: Ledger, seed: int) -> None:
        super().__init__(daemon=True)
        self._url, self._token = platform.base_url, platform.token("operator")
        self._mailboxes, self._ledger, self._chance = mailboxes, ledger, random.Random(seed)

    def run(self) -> None:
        headers = {"Authorization": f"Bearer {self._token}"}
        with httpx.Client(base_url=f"{self._url}/api/v1/mail/mailboxes", headers=headers, timeout=15) as http:
            try:
                while self._ledger.accepted < CHANGES:
                    self._change(http, self._chance.choice(self._mailboxes))
            except Exception as error:
                self._ledger.broken.append(repr(error))
                raise

    def _change(self, http: httpx.Client, mailbox: str) -> None:
        now = self._answered(http, "GET", mailbox).json()
        action, body = self._next(now)
        key = {"Idempotency-Key": uuid.uuid4().hex, "If-Match": f'"{now["version"]}"'}
        self._ledger.note(mailbox, self._answered(http, "POST", f"{mailbox}/{action}", json=body, headers=key))

    def _next(self, now: Mapping[str, Any]) -> tuple[str, Document]:
        chance = self._chance
        if now["state"] == "suspended" and chance.random() < 0.6:
            return "restore", {"reason": WHY}
        if chance.random() < 0.3:
            return "rename", {"address": f"k{chance.randrange(ADDRESSES)}@cantho.gov.vn"}
        if chance.random() < 0.4:
            return "suspend", {"suspension": chance.choice(("receive", "bounce", "hold")), "reason": WHY}
        return "quota", {"quota": chance.randrange(10, 1000)}

    def _answered(self, http: httpx.Client, verb: str, path: str, **more: Any) -> httpx.Response:
        end = time.monotonic() + PATIENCE
        while True:
            try:
                answer = http.request(verb, f"/{path}", **more)
                if answer.status_code < 500 and answer.status_code != 429:
                    return answer
                words = answer.text
            except httpx.TransportError as error:
                words = repr(error)
            assert time.monotonic() < end, f"never answered: {verb} {path}: {words}"
            self._ledger.count_repetition()
            time.sleep(0.2)


class Watch(threading.Thread):
    """Looks at the host's accounts all the time: no generation may ever become less."""

    def __init__(self, host: MailHost) -> None:
        super().__init__(daemon=True)
        self._accounts, self._enough = host.layout.data / "accounts.db", threading.Event()
        self.looks = 0
        self.fallen: list[tuple[str, int, int]] = []

    def run(self) -> None:
        known: dict[str, int] = {}
        while not self._enough.wait(0.02):
            for mailbox, row in rows_of(self._accounts).items():
                if row["generation"] < known.get(mailbox, 0):
                    self.fallen.append((mailbox, known[mailbox], row["generation"]))
                known[mailbox] = row["generation"]
            self.looks += 1

    def end(self) -> None:
        """Look no more."""
        self._enough.set()
        self.join(10)


def rows_of(accounts: Any, table: str = "mailbox", key: str = "id") -> dict[str, Document]:
    """What a host knows, by identifier."""
    with closing(sqlite3.connect(accounts, timeout=10)) as look:
        look.row_factory = sqlite3.Row
        return {row[key]: dict(row) for row in look.execute(f"SELECT * FROM {table}")}


@dataclass
class City:
    """The platform with servers and a mail host of its own, all of which may be killed."""

    platform: Stack
    host: MailHost
    boxes: list[str]
    store: Any

    def mailboxes(self) -> list[Document]:
        """The directory's own mailboxes that are changed here."""
        return list(self.store.find({"_id": {"$in": self.boxes}}))

    def kill(self, name: str) -> None:
        """Without warning; whoever looks after the processes starts it again."""
        victim: Process = self.platform.processes[name]
        self.platform.kill(name)
        assert not victim.alive


@pytest.fixture(scope="module")
def city() -> Iterator[City]:
    with stack.fresh_state() as state, stack.started_servers(state) as own_servers:
        try:
            host = MailHost(state)
        except WithoutMail as reason:
            pytest.skip(str(reason))
        with (
            stack.started_stack(state, own_servers, host) as platform,
            MongoClient[Document](platform.mongo_uri, tz_aware=True) as client,
        ):
            client.admin.command("setParameter", 1, transactionLifetimeLimitSeconds=SOON_GIVEN_UP)
            platform.processes |= {process.name: process for process in host.processes}
            store = client[f"{platform.prefix}email_provisioning"]["mailboxes"]
            yield City(platform, host, made(platform), store)


def made(platform: Stack) -> list[str]:
    """So many officers, whose mailboxes come by themselves and get a password."""
    place = {"agency": "H13.06", "title": "Chuyên viên", "roles": ["specialist"], "starts_on": "2026-01-05"}
    found = []
    with platform.client("directory-can-tho") as admin:

        def post(path: str, body: Document) -> Document:
            answer = admin.post(f"/api/v1{path}", json=body, headers={"Idempotency-Key": uuid.uuid4().hex})
            assert answer.is_success, answer.text
            return dict(answer.json())

        def active(owner: str) -> str | None:
            rows = admin.get("/api/v1/mail/mailboxes", params={"owner": owner}).json()["items"]
            return next((row["id"] for row in rows if row["state"] == "active"), None)

        for number in range(PEOPLE):
            body = {"name": f"Lê Bền {number}", "reason": WHY, "post": place, "sample": True}
            owner = post("/directory/officers", body)["id"]
            found.append(eventually(lambda owner=owner: active(owner), "the mailbox is there"))  # type: ignore[misc]
            token = post(f"/mail/mailboxes/{found[-1]}/password-link", {"reason": WHY})["token"]
            post("/mail/passwords", {"token": token, "password": PASSWORD})
    return found


@contextmanager
def changing(city: City, ledger: Ledger) -> Iterator[list[Hand]]:
    """Several people who change mailboxes until there were changes enough."""
    hands = [Hand(city.platform, city.boxes[number::HANDS], ledger, number) for number in range(HANDS)]
    for hand in hands:
        hand.start()
    yield hands
    for hand in hands:
        hand.join(PATIENCE)
        assert not hand.is_alive()


@pytest.mark.timeout(900)
def test_two_thousand_changes_while_everything_dies(city: City) -> None:
    ledger, watch, times = Ledger(), Watch(city.host), Timetable("changes-under-faults")
    watch.start()
    supervisor = city.platform.supervisor
    supervisor.STEADY_SECONDS = 2.0  # what was ready again and is killed once more starts at once
    for process in city.platform.processes.values():
        supervisor.watch(process)
    kills: list[str] = []
    with times.step(f"{CHANGES} changes by {HANDS} people over REST, {KILLS} kills"), changing(city, ledger) as hands:
        while any(hand.is_alive() for hand in hands):
            supervisor.tick()
            if len(kills) < KILLS and ledger.accepted > (len(kills) + 1) * CHANGES // (KILLS + 2):
                kills.append(VICTIMS[len(kills) % len(VICTIMS)])
                city.kill(kills[-1])
            time.sleep(0.05)
    assert ledger.broken == []
    with times.step("until everything runs again"):
        city.platform.supervise(lambda: all(each.ready for each in city.platform.processes.values()))
    with times.step("until directory and host agree on every mailbox"):
        city.platform.supervise(lambda: all(box["waiting"] == [] for box in city.mailboxes()))
    watch.end()
    assert kills == [*VICTIMS] * (KILLS // len(VICTIMS)), "each was killed as often"
    assert watch.fallen == []
    check_agreement(city)
    check_addresses(city, ledger)
    check_signing_in(city)
    times.note("answers that a client had to ask for again", ledger.repeated)
    times.note("refusals", ", ".join(f"{count} {code}" for code, count in sorted(ledger.refused.items())))
    times.note("highest generation of a mailbox", max(box["generation"] for box in city.mailboxes()))
    times.note("looks at the host's accounts, in none of which a generation had become less", watch.looks)
    times.write()


def check_agreement(city: City) -> None:
    """What the host does is what the directory wants, in every mailbox."""
    known = rows_of(city.host.layout.data / "accounts.db")
    today = current_moment().date()
    for box in city.mailboxes():
        wanted, row = desired(box, today), known[box["_id"]]
        assert (row["generation"], bool(row["login"]), row["delivery"], row["quota"]) == (
            wanted.generation,
            wanted.login,
            wanted.delivery,
            wanted.quota,
        ), box["_id"]


def check_addresses(city: City, ledger: Ledger) -> None:
    """No address went to two mailboxes, in no answer and on no side."""
    assert {address: owners for address, owners in ledger.given.items() if len(owners) > 1} == {}
    today = current_moment().date()
    led = {address: box["_id"] for box in city.mailboxes() for address in desired(box, today).addresses}
    assert sum(len(desired(box, today).addresses) for box in city.mailboxes()) == len(led)
    leads = rows_of(city.host.layout.data / "accounts.db", "address", "address")
    assert {address: row["mailbox"] for address, row in leads.items() if row["mailbox"] in city.boxes} == led
    assert ledger.refused.get("mailbox_address_taken", 0) > 0, "several wanted the same"


def check_signing_in(city: City) -> None:
    """Mail programs are let in where the directory says so, and nowhere else."""
    mailer, today = Mailer(city.host.ports), current_moment().date()
    for box in city.mailboxes():
        assert mailer.may_sign_in(box["address"], PASSWORD) is desired(box, today).login, box["address"]
