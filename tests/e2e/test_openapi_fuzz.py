"""Schemathesis against the running platform: good and bad requests to every operation, as somebody who may call it.

Nothing may end in a 5xx or in an answer that the document does not know. One check is left out: that whatever
satisfies the schema is accepted. A made-up procedure or cursor satisfies the schema and is refused all the same.
"""

import json
import random
import re
import time
import uuid
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest
from pymongo import MongoClient

from gateway.auth.scopes import scopes_by_role
from gateway.openapi.examples import example_of
from local.servers import Servers
from shared.contracts.conference_booking.meeting_operations import MEETING_EXAMPLE
from shared.contracts.conference_booking.technicians import RegisterTechnician
from shared.contracts.one_stop_shop.application_operations import SUBMIT_EXAMPLE
from shared.contracts.operations import Operation
from shared.officer_copies import FILLING
from shared.officer_store import MongoOfficerCopies
from shared.working_time import VIETNAM
from tests.e2e.schemathesis_runs import CALLERS, REFUSALS, SETTINGS, answered, fuzz, operations_by_caller
from tests.support import stack
from tests.support.offers import all_operations
from tests.support.ready_applications import ACTIONS, ReadyApplications, caller_of
from tests.support.stack import Stack


@pytest.fixture(scope="module")
def open_platform(servers: Servers) -> Iterator[Stack]:
    """A platform of its own, which lets one address ask as often as it likes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PUBLIC_AT_ONCE", "1000000")
        patch.setenv("PUBLIC_PER_MINUTE", "1000000")
        with stack.fresh_state() as state, stack.started_stack(state, servers) as running:
            yield running


@pytest.fixture(scope="module")
def staffed_platform(open_platform: Stack) -> Stack:
    """The same, once it knows all its officers: until then one that it does not know is awaited, which is a 503."""
    deadline = time.monotonic() + 3 * FILLING.total_seconds()
    with MongoClient[dict[str, Any]](open_platform.mongo_uri, tz_aware=True) as client:
        copies = MongoOfficerCopies(client[f"{open_platform.prefix}one_stop_shop"])
        while copies.is_filling(datetime.now(VIETNAM)):
            assert time.monotonic() < deadline
            time.sleep(0.2)
    return open_platform


@pytest.fixture(scope="module")
def application(open_platform: Stack) -> dict[str, Any]:
    """An application that exists, so that requests reach beyond "there is no such application"."""
    with open_platform.client("citizen-an") as client:
        answer = client.post("/api/v1/applications", json=SUBMIT_EXAMPLE, headers={"Idempotency-Key": uuid.uuid4().hex})
    assert answer.status_code == 201, answer.text
    receipt: dict[str, Any] = answer.json()
    return receipt


@pytest.fixture(scope="module")
def meeting(open_platform: Stack) -> str:
    """A meeting that exists, and a technician."""
    person = example_of(RegisterTechnician)
    with open_platform.client("technician-thanh-hoa") as client:
        headers = {"Idempotency-Key": uuid.uuid4().hex}
        answer = client.post("/api/v1/conferences/technicians", json=person, headers=headers)
    assert answer.status_code == 201, answer.text
    with open_platform.client("head-van-phong-thanh-hoa") as client:
        headers = {"Idempotency-Key": uuid.uuid4().hex}
        wish = MEETING_EXAMPLE | {"starts": f"{datetime.now(VIETNAM) + timedelta(days=9):%Y-%m-%dT08:00}"}
        answer = client.post("/api/v1/conferences/meetings", json=wish, headers=headers)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


HOSTILE: dict[type, list[Any]] = {
    str: [
        *("", " ", "\u200b", "\x00", "😀" * 50, "\ud800", "e\u0301\u0301", "x" * 30_000, "%00../..", "٠٩٢٠٩٠٠٠٠١٢٣"),
        *("0001-01-01", "9999-12-31", "2026-02-30", "1899-12-31", "2100-12-31"),
        *(
            "0001-01-01T00:00:00+14:00",
            "9999-12-31T23:59:59-14:00",
            "2100-12-31T23:59:59-14:00",
            "2026-11-22T24:00:00Z",
        ),
        *(None, 0, True, [], {}, ["x"]),
    ],
    int: [-1, 0, 2**31, 2**53, 2**63 - 1, 2**63, -(2**63), 10**40, 1.5, "1", None, True],
    bool: [0, "true", None, []],
    list: [None, {}, [None], [[]], [{}], ["x"] * 5000],
    dict: [None, [], {"$where": "1"}, {"a.b": {}}, {"": 0}, {f"k{number}": number for number in range(3000)}],
    type(None): [0, "x", [], {}, "9999-12-31", True],
}
"""What no sensible caller sends, by the kind of the right value in whose place it is put."""
IN_EACH_PLACE, IN_EACH_PLACE_OF_A_COMMAND = 3, 6


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place inside an example."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, part in inner:
        yield (*path, name)
        yield from places(part, (*path, name))


def with_change(value: Any, path: tuple[Any, ...], put: Any) -> Any:
    """The example with one place changed."""
    if not path:
        return put
    copied = value.copy()
    copied[path[0]] = with_change(value[path[0]], path[1:], put)
    return copied


def at(value: Any, path: tuple[Any, ...]) -> Any:
    for step in path:
        value = value[step]
    return value


@pytest.mark.timeout(1500)
def test_hostile_values_in_every_place_are_refused_or_stored_but_break_nothing(
    open_platform: Stack, application: dict[str, Any], meeting: str
) -> None:
    chance = random.Random(20261122)
    sent, broken = 0, []
    for operation in all_operations():
        if operation.name in ACTIONS:
            continue  # these have a test of their own
        path = path_to(operation, application["id"], meeting)
        example = example_for(operation)
        with open_platform.client(CALLERS.get(operation.scope)) as client:
            for place, put in hostile(example, chance):
                answer = ask(client, operation.verb, path, with_change(example, place, put))
                sent += 1
                if is_broken(answer):
                    broken.append((operation.name, place, str(put)[:60], answer.status_code, answer.text[:200]))
    assert broken == []
    assert sent > 1000


@pytest.mark.timeout(1500)
def test_hostile_values_break_no_rule_of_a_command_that_can_be_carried_out(staffed_platform: Stack) -> None:
    """In the right status and the present version, so that the values come before the rules."""
    chance = random.Random(20261122)
    sent, broken, refused = 0, [], {}
    with ReadyApplications(staffed_platform.base_url) as ready:
        for operation in (one for one in all_operations() if one.name in ACTIONS):
            with staffed_platform.client(caller_of(operation.name)) as client:
                for place, put in hostile(ready.body(operation.name), chance, IN_EACH_PLACE_OF_A_COMMAND):
                    answer = carry_out(client, ready, operation, partial(with_change, path=place, put=put))
                    sent += 1
                    if is_broken(answer):
                        broken.append((operation.name, place, str(put)[:60], answer.status_code, answer.text[:200]))
                answer = carry_out(client, ready, operation, lambda good: good)
                if not answer.is_success:
                    refused[operation.name] = answer.text
    assert broken == []
    assert refused == {}
    assert sent > 300


def carry_out(
    client: httpx.Client, ready: ReadyApplications, operation: Operation, body: Callable[[Any], Any]
) -> httpx.Response:
    """Send what `body` makes of the good body, about the application in its present version."""
    while True:
        application = ready.present(operation.name)
        path = path_to(operation, application["id"], "")
        answer = ask(client, operation.verb, path, body(ready.body(operation.name)), application["version"])
        if not ready.heed(operation.name, answer.status_code):
            return answer


def path_to(operation: Operation, application: str, meeting: str) -> str:
    """The address of what is tried; every unknown name stands for something that is not there."""
    known = PATHS | {"meeting": meeting}
    return "/api/v1" + re.sub(r"\{(\w+)\}", lambda found: known.get(found[1], application), operation.path)


def example_for(operation: Operation) -> dict[str, Any]:
    contract = operation.query if operation.verb == "GET" else operation.body
    return dict(operation.example) or (example_of(contract) if contract else {})


def hostile(example: Any, chance: random.Random, times: int = IN_EACH_PLACE) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """Places in an example, and what to put there."""
    for place in places(example):
        choices = HOSTILE.get(type(at(example, place)), HOSTILE[str])
        for put in chance.sample(choices, min(times, len(choices))):
            yield place, put


def is_broken(answer: httpx.Response) -> bool:
    return answer.status_code >= 500 or (answer.is_client_error and "code" not in answer.json())


PATHS = {
    "code": SUBMIT_EXAMPLE["procedure"],
    "year": "2026",
    "format": "pdf",
    "agency": "H13.30.01",
    "domain": "cantho.gov.vn",
    "network": "thanh-hoa",
    "endpoint": "th-05",
    "day": "2026-12-07",
    "session": "1",
    "line": "primary",
}


def ask(client: httpx.Client, verb: str, path: str, example: Any, version: int = 1) -> httpx.Response:
    """One request with what an example says, in the query or as the body."""
    if verb == "GET":
        flat = {name: value for name, value in example.items() if isinstance(value, str | int | float)}
        flat = {name: value.replace("\ud800", "") if isinstance(value, str) else value for name, value in flat.items()}
        return client.get(path, params=flat)
    headers = {"Idempotency-Key": uuid.uuid4().hex, "If-Match": f'"{version}"'}
    body = json.dumps(example).encode()
    return client.request(verb, path, content=body, headers={**headers, "Content-Type": "application/json"})


@pytest.mark.timeout(1800)
def test_no_request_breaks_the_platform_or_surprises_its_document(
    staffed_platform: Stack, application: dict[str, Any], meeting: str, tmp_path: Path
) -> None:
    document = httpx.get(f"{staffed_platform.base_url}/api/v1/openapi.json").json()
    settings = tmp_path / "schemathesis.toml"
    settings.write_text(
        SETTINGS.format(
            application=application["id"], code=SUBMIT_EXAMPLE["procedure"], meeting=meeting, refusals=REFUSALS
        )
    )
    shared_out = operations_by_caller(document)
    seen = tmp_path / "seen"
    hooks = {"FUZZ_PLATFORM": staffed_platform.base_url, "FUZZ_APPLICATION": application["id"], "FUZZ_SEEN": str(seen)}

    said = fuzz(staffed_platform, shared_out, settings, hooks)
    others = sum(map(len, shared_out.values())) - 1
    assert f"Tested: {others}" in said, f"all but the document itself, which was read already: {said[-3000:]}"
    done = {line.split()[0] for line in seen.read_text().splitlines() if line.endswith((" 200", " 201"))}
    assert done == set(ACTIONS), "every command was carried out"

    statuses = answered(staffed_platform)
    assert {status for known in statuses.values() for status in known if status >= 500} == set()
    assert sum(1 for known in statuses.values() if known & {200, 201, 204}) > 30
    assert set(CALLERS) == {scope for scopes in scopes_by_role().values() for scope in scopes}
