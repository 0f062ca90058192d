"""Clients that behave as good clients do: one key per application, repeated until it is acknowledged."""

import threading
import time
import uuid
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.benchmarks.work import BODY


@dataclass
class Ledger:
    """What the clients were promised: key -> receipts, every one of them, in order of arrival."""

    receipts: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    trouble: dict[str, int] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def acknowledge(self, key: str, receipt: dict[str, Any]) -> None:
        """Write down a promise."""
        with self.lock:
            self.receipts.setdefault(key, []).append(receipt)

    def note(self, what: str) -> None:
        """Write down an answer that made the client try again."""
        with self.lock:
            self.trouble[what] = self.trouble.get(what, 0) + 1

    @property
    def accepted(self) -> int:
        """Applications acknowledged so far."""
        with self.lock:
            return len(self.receipts)


class Clients:
    """`count` threads that submit one application after the other while the block runs, and finish their last."""

    def __init__(self, base_url: str, token: str, *, count: int, patience: float = 120.0) -> None:
        self.ledger = Ledger()
        self._base_url, self._token, self._patience = base_url, token, patience
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._submit_on, daemon=True) for _ in range(count)]
        self.given_up: list[str] = []

    def __enter__(self) -> "Clients":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(self._patience + 30)

    def _submit_on(self) -> None:
        headers = {"Authorization": f"Bearer {self._token}"}
        with httpx.Client(base_url=self._base_url, headers=headers, timeout=15) as http:
            while not self._stop.is_set():
                self._submit(http, uuid.uuid4().hex)

    def _submit(self, http: httpx.Client, key: str) -> None:
        end, doubled = time.monotonic() + self._patience, False
        while time.monotonic() < end:
            receipt = self._try(http, key)
            if receipt is None:
                time.sleep(0.2)
                continue
            self.ledger.acknowledge(key, receipt)
            # Every eighth client is nervous: it presses the button again and must get the same answer.
            if doubled or hash(key) % 8:
                return
            doubled = True
        self.given_up.append(key)

    def _try(self, http: httpx.Client, key: str) -> dict[str, Any] | None:
        try:
            answer = http.post("/api/v1/applications", json=BODY, headers={"Idempotency-Key": key})
        except httpx.TransportError as error:
            self.ledger.note(f"{type(error).__name__}: {error}")
            return None
        if answer.status_code == 201:
            receipt: dict[str, Any] = answer.json()
            return receipt
        self.ledger.note(str(answer.status_code))
        if answer.status_code < 500 and answer.status_code != 429:
            raise AssertionError(f"a good request was refused: {answer.status_code} {answer.text}")
        return None
