"""Officers who write letters, book meetings and appoint others while citizens hand in, and their oracle."""

import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import httpx
from pymongo import MongoClient

from local.demo.documents import LETTER, SIGNERS
from local.demo.papers import make_paper
from shared.contracts.conference_booking.meeting_operations import MEETING_EXAMPLE
from shared.contracts.email_provisioning.operations import POST_EXAMPLE
from tests.support.conference_house import sweep
from tests.support.conference_world import MONDAY
from tests.support.stack import Stack

PATIENCE_SECONDS = 120.0

Receipt = dict[str, Any]


class Colleagues:
    """Three who work one after the other on their own things while the block runs, and finish the last of them."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self._stop = threading.Event()
        self.issued: list[Receipt] = []
        self.booked: list[Receipt] = []
        self.appointed: list[Receipt] = []
        self.failed: list[str] = []
        acts = (self._write_letter, self._book, self._appoint)
        self._threads = [threading.Thread(target=self._work_on, args=(act,), daemon=True) for act in acts]

    def __enter__(self) -> "Colleagues":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(PATIENCE_SECONDS)

    def _work_on(self, act: Callable[[httpx.Client, int], None]) -> None:
        number = 0
        with httpx.Client(base_url=self._stack.base_url, timeout=15) as http:
            while not self._stop.is_set() and not self.failed:
                number += 1
                try:
                    act(http, number)
                except AssertionError as error:
                    self.failed.append(f"{act.__name__}: {error}")

    def _write_letter(self, http: httpx.Client, number: int) -> None:
        clerk, head = "clerk-ninh-kieu", "head-ninh-kieu"
        paper = make_paper("Công văn", f"Số {number}")
        name = {"Content-Type": "application/pdf", "X-File-Name": quote("văn bản.pdf")}
        file = self._insist(http, clerk, "/files", content=paper, headers=name)
        letter = self._insist(http, clerk, "/documents", json=LETTER | {"main": file["id"]})
        for who, action, body in (
            (clerk, "submit", {}),
            (head, "sign", {"signer": SIGNERS["ward"]}),
            (clerk, "issue", {}),
        ):
            path = f"/documents/{letter['id']}/{action}"
            letter = self._insist(http, who, path, json=body, version=letter["version"])
        self.issued.append(letter)

    def _book(self, http: httpx.Client, number: int) -> None:
        starts = f"{MONDAY.year + 1}-{1 + number // 280 % 12:02d}-{1 + number // 10 % 28:02d}T{8 + number % 10:02d}:00"
        wish = MEETING_EXAMPLE | {"starts": starts, "minutes": 30, "set_up": 5, "tear_down": 5}
        receipt = self._insist(http, "clerk-hac-thanh", "/conferences/meetings", json=wish, refused=(409,))
        if receipt.get("id"):
            self.booked.append(receipt)

    def _appoint(self, http: httpx.Client, number: int) -> None:
        person = {"reason": "QĐ 15/QĐ-UBND", "name": "Nguyễn Thị Minh Khai", "number": f"CT-7{number:05d}"}
        told = person | {"post": POST_EXAMPLE}
        self.appointed.append(self._insist(http, "directory-can-tho", "/directory/officers", json=told))

    def _insist(
        self,
        http: httpx.Client,
        who: str,
        path: str,
        *,
        version: int | None = None,
        headers: dict[str, str] | None = None,
        refused: tuple[int, ...] = (),
        **body: Any,
    ) -> Receipt:
        """Repeat a request with its key until it is answered, as a good client does."""
        sent = {"Idempotency-Key": uuid.uuid4().hex, **(headers or {})}
        sent |= {"If-Match": f'"{version}"'} if version is not None else {}
        end, seen = time.monotonic() + PATIENCE_SECONDS, ""
        while time.monotonic() < end:
            try:
                sent["Authorization"] = f"Bearer {self._stack.token(who)}"
                answer = http.post(f"/api/v1{path}", headers=sent, **body)
            except httpx.HTTPError as error:
                seen = repr(error)
            else:
                if answer.is_success or answer.status_code in refused:
                    receipt: Receipt = answer.json()
                    return receipt
                seen = f"{answer.status_code} {answer.text}"
                assert answer.status_code >= 500 or answer.status_code == 429, f"{path}: {seen}"
            time.sleep(0.2)
        raise AssertionError(f"{path} was never answered: {seen}")


def wrongs(stack: Stack, colleagues: Colleagues, *, seconds: float = 90.0) -> dict[str, int]:
    """What was promised and is not there once, by kind; letters have some time to arrive."""
    end = time.monotonic() + seconds
    with MongoClient[dict[str, Any]](stack.mongo_uri, tz_aware=True) as client:
        documents, officers, meetings = (
            client[f"{stack.prefix}{service}"]
            for service in ("document_routing", "email_provisioning", "conference_booking")
        )
        letters = {letter["id"] for letter in colleagues.issued}
        while True:
            arrived = Counter(row["document"] for row in documents["arrivals"].find({"document": {"$in": [*letters]}}))
            if arrived.keys() == letters or time.monotonic() > end:
                break
            stack.supervisor.tick()
            time.sleep(0.5)
        numbers = [row["number"] for row in documents["documents"].find({"_id": {"$in": [*letters]}})]
        kept = {row["_id"] for row in meetings["meetings"].find({}, {"_id": 1})}
        sweep(meetings)
        known = Counter(row["number"] for row in officers["officers"].find({"number": {"$regex": "^CT-7"}}))
        return {
            "letters not arrived": len(letters - arrived.keys()),
            "letters arrived twice": sum(count > 1 for count in arrived.values()),
            "numbers missing or double": len(set(range(1, len(letters) + 1)) ^ set(numbers))
            + len(letters)
            - len(numbers),
            "bookings lost": len({receipt["id"] for receipt in colleagues.booked} - kept),
            "officers lost or doubled": len(colleagues.appointed) - sum(count == 1 for count in known.values()),
            "refused": len(colleagues.failed),
        }
