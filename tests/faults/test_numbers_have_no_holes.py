"""Document routing is killed while documents are issued: every number from 1 on is there once, and none is missing."""

import threading
import time
import uuid
from typing import Any

import httpx
import pytest

from local.demo.caller import Caller
from local.demo.documents import LETTER, SIGNERS
from tests.support.stack import Stack, secret_of

DOCUMENTS = 60
ISSUERS = 6


@pytest.fixture
def waiting(fault_platform: Stack) -> list[dict[str, Any]]:
    """Signed documents that wait for their numbers, as their receipts."""
    with (
        Caller(fault_platform.base_url, "clerk-ninh-kieu", secret_of("clerk-ninh-kieu")) as clerk,
        Caller(fault_platform.base_url, "head-ninh-kieu", secret_of("head-ninh-kieu")) as head,
    ):
        return [_signed(clerk, head) for _ in range(DOCUMENTS)]


def _signed(clerk: Caller, head: Caller) -> dict[str, Any]:
    receipt = clerk.post("/documents", LETTER | {"medium": "paper"})
    receipt = clerk.post(f"/documents/{receipt['id']}/submit", {}, version=receipt["version"])
    path = f"/documents/{receipt['id']}/sign"
    signed: dict[str, Any] = head.post(path, {"signer": SIGNERS["ward"]}, version=receipt["version"])
    return signed


class Issuers:
    """Clerks at once; each repeats an issue with the same key until it is acknowledged."""

    def __init__(self, stack: Stack, waiting: list[dict[str, Any]]) -> None:
        self._waiting = list(waiting)
        self._headers = {"Authorization": f"Bearer {stack.token('clerk-ninh-kieu')}"}
        self._base_url = stack.base_url
        self._lock = threading.Lock()
        self.numbers: dict[str, int] = {}
        self.asked: list[tuple[float, float]] = []
        self.threads = [threading.Thread(target=self._issue_on, daemon=True) for _ in range(ISSUERS)]

    def _issue_on(self) -> None:
        with httpx.Client(base_url=self._base_url, headers=self._headers, timeout=10) as http:
            while True:
                with self._lock:
                    if not self._waiting:
                        return
                    document = self._waiting.pop()
                self._issue(http, document, uuid.uuid4().hex)

    def _issue(self, http: httpx.Client, document: dict[str, Any], key: str) -> None:
        headers = {"Idempotency-Key": key, "If-Match": f'"{document["version"]}"'}
        while True:
            began = time.monotonic()
            try:
                answer = http.post(f"/api/v1/documents/{document['id']}/issue", json={}, headers=headers)
            except httpx.TransportError:
                answer = None
            self.asked.append((began, time.monotonic()))
            if answer is not None and answer.status_code == 200:
                with self._lock:
                    self.numbers[document["id"]] = answer.json()["number"]
                return
            assert answer is None or answer.status_code >= 500, answer.text
            time.sleep(0.1)


def test_a_killed_service_leaves_neither_hole_nor_double(fault_platform: Stack, waiting: list[dict[str, Any]]) -> None:
    fault_platform.supervisor.STEADY_SECONDS = 2.0
    issuers = Issuers(fault_platform, waiting)
    for thread in issuers.threads:
        thread.start()
    kills = []
    for wanted in (5, 20):
        fault_platform.supervise(lambda wanted=wanted: len(issuers.numbers) >= wanted)
        kills.append(time.monotonic())
        fault_platform.kill("document_routing")
    fault_platform.supervise(lambda: len(issuers.numbers) == DOCUMENTS, seconds=180)
    assert sorted(issuers.numbers.values()) == list(range(1, DOCUMENTS + 1))
    waited = [began for began, ended in issuers.asked if any(began < killed < ended for killed in kills)]
    assert waited, "the service was killed while somebody waited"
