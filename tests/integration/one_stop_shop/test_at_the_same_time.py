"""Many people at once on a real database: no code is given twice, no application is worked on twice."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from threading import Barrier
from typing import Any

import pytest
from pymongo.errors import AutoReconnect

from services.one_stop_shop.adapters import dossier_codes
from services.one_stop_shop.adapters.applications import Applications
from services.one_stop_shop.adapters.dossier_codes import DossierCodes
from services.one_stop_shop.domain.codes import parse_application_code
from services.one_stop_shop.domain.statuses import Status
from services.one_stop_shop.ports import Arrival
from services.one_stop_shop.usecases.commands import carry_out
from services.one_stop_shop.usecases.fall_due import fire_due_work
from services.one_stop_shop.usecases.payments import start_payment
from services.one_stop_shop.usecases.submit import submit_application
from shared.errors import Conflict, Error, Stale, Unavailable
from shared.history import verify
from tests.support.house import House
from tests.support.world import CITIZEN, MONDAY, OTHER_SPECIALIST, RECEPTION, SPECIALIST, SUBMISSION

AT_ONCE = 64


def _together(tasks: list[Any]) -> list[Any]:
    """Start all tasks in the same moment; what each gave or raised."""
    barrier = Barrier(len(tasks))

    def run(task: Any) -> Any:
        barrier.wait()
        try:
            return task()
        except Error as error:
            return error

    with ThreadPoolExecutor(len(tasks)) as pool:
        return list(pool.map(run, tasks))


def _submit(house: House, key: str) -> dict[str, Any]:
    return submit_application(house.context, {**SUBMISSION, "_command": {"key": key, "digest": "d"}}, CITIZEN)


def test_64_submitters_at_once_get_64_codes(house: House) -> None:
    receipts = _together([lambda n=n: _submit(house, f"many-{n}") for n in range(AT_ONCE)])
    numbers = {parse_application_code(receipt["code"]).sequence for receipt in receipts}
    assert len(numbers) == AT_ONCE
    assert max(numbers) <= _counter(house), "all of them were counted before they were given"


def test_replicas_that_are_busy_together_never_give_the_same_code(house: House) -> None:
    assert house.database is not None
    day = MONDAY.date() + timedelta(days=3)
    replicas = [DossierCodes(house.database) for _ in range(4)]
    takes = [
        lambda replica=replica, n=n: replica.take("H13.30.01", day, n % 3 + 1)
        for replica in replicas
        for n in range(16)
    ]
    given = [code for codes in _together(takes) for code in codes]
    assert len(given) == len(set(given)) == 4 * sum(n % 3 + 1 for n in range(16))


def test_a_quiet_point_counts_without_a_gap(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    assert house.database is not None
    monkeypatch.setattr(dossier_codes, "AHEAD_SECONDS", 0)
    day = MONDAY.date() + timedelta(days=4)
    codes = DossierCodes(house.database)
    taken = [codes.take("H13.30.01", day, 1) for _ in range(3)]
    assert taken == [[f"H13.30.01-261009-000{number}"] for number in (1, 2, 3)]


def test_codes_taken_ahead_are_kept_when_the_next_count_fails(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    assert house.database is not None
    codes, day = DossierCodes(house.database), MONDAY.date() + timedelta(days=7)
    given = codes.take("H13.30.01", day, 3) + codes.take("H13.30.01", day, 1)  # three more are taken ahead

    def away(*_: Any) -> int:
        raise AutoReconnect("gone")

    with monkeypatch.context() as broken:
        broken.setattr(codes, "_add", away)
        with pytest.raises(Unavailable):
            codes.take("H13.30.01", day, 5)
    given += codes.take("H13.30.01", day, 3)
    assert sorted(parse_application_code(code).sequence for code in given) == [1, 2, 3, 4, 5, 6, 7]


def test_the_same_submission_64_times_at_once_is_one_application(house: House) -> None:
    receipts = _together([lambda: _submit(house, "the-same") for _ in range(AT_ONCE)])
    assert all(receipt == receipts[0] for receipt in receipts)
    assert house[receipts[0]["id"]]["version"] == 1


def test_a_group_shares_one_counter_and_each_gets_its_own_outcome(house: House) -> None:
    assert house.database is not None
    applications = Applications(house.database, lambda *_: None)
    good = [_submit_alone(house, f"group-{n}") for n in range(5)]
    taken = _submit(house, "already")["id"]
    already = Arrival(taken, "H13.30.01", MONDAY.date(), lambda code: {"_id": taken, "code": code, "history": []})
    broken = Arrival("f" * 32, "H13.30.01", MONDAY.date(), lambda code: 1 // 0)  # type: ignore[arg-type,return-value]
    outcomes = applications.add_all([*good, already, broken])
    assert [type(outcome).__name__ for outcome in outcomes] == ["dict"] * 5 + ["AlreadyThere", "ZeroDivisionError"]
    codes = [outcome["code"] for outcome in outcomes if isinstance(outcome, dict)]
    assert len(set(codes)) == 5


def _submit_alone(house: House, key: str) -> Arrival:
    return Arrival(
        key, "H13.30.01", MONDAY.date(),
        lambda code: {"_id": key, "code": code, "history": [{"seq": 1}], "outbox": [1], "links": []},
    )  # fmt: skip


def _counter(house: House) -> int:
    assert house.database is not None
    counter = house.database["counters"].find_one({"_id": "H13.30.01-2026-10-05"})
    return int(counter["last"]) if counter else 0


def test_every_day_begins_anew_for_every_agency(house: House) -> None:
    assert house.database is not None
    codes = DossierCodes(house.database)
    tomorrow = MONDAY.date() + timedelta(days=1)
    assert codes.take("H13.30.01", tomorrow, 2) == ["H13.30.01-261006-0001", "H13.30.01-261006-0002"]
    assert codes.take("H13.30.02", tomorrow, 1) == ["H13.30.02-261006-0001"]
    assert codes.take("H13.30.01", tomorrow, 1) == ["H13.30.01-261006-0003"]
    assert DossierCodes(house.database).take("H13.30.01", tomorrow, 1) != ["H13.30.01-261006-0003"]


def test_64_firsts_of_a_day_at_once(house: House) -> None:
    assert house.database is not None
    codes, day = DossierCodes(house.database), MONDAY.date() + timedelta(days=2)
    taken = _together([lambda: codes.take("H13.30.01", day, 1)[0] for _ in range(AT_ONCE)])
    assert len({parse_application_code(code).sequence for code in taken}) == AT_ONCE


def _in_process(house: House) -> str:
    application = house.submit(RECEPTION, channel=1)
    house.act("hand_over", application, RECEPTION)
    return application


@pytest.mark.parametrize("action", ["claim", "complete_step"])
def test_of_two_officers_at_once_one_acts(house: House, action: str) -> None:
    for _ in range(10):
        application = _in_process(house)
        version = house[application]["version"]

        def do(officer: Any, application: str = application, version: int = version) -> Any:
            request = {"application": application, "_version": version, "_command": house.command()}
            return lambda: carry_out(house.context, action, request, officer)

        outcomes = _together([do(SPECIALIST), do(OTHER_SPECIALIST)])
        assert Counter(isinstance(outcome, dict) for outcome in outcomes) == {True: 1, False: 1}
        assert isinstance(next(o for o in outcomes if not isinstance(o, dict)), Stale | Conflict)
        assert house[application]["version"] == version + 1


def test_a_command_repeated_at_once_happens_once(house: House) -> None:
    application = _in_process(house)
    request = {"application": application, "_command": house.command("claim-once")}
    outcomes = _together([lambda: carry_out(house.context, "claim", request, SPECIALIST) for _ in range(8)])
    assert all(outcome == outcomes[0] for outcome in outcomes)
    assert [e["type"] for e in house[application]["history"]].count("assignment_changed.v1") == 1


def test_tabs_that_go_to_pay_at_once_get_one_order(house: House) -> None:
    application = _submit(house, "pays-in-tabs")["id"]

    def go_to_pay() -> dict[str, Any]:
        return start_payment(house.context, {"application": application, "_command": house.command()}, CITIZEN)

    outcomes = _together([go_to_pay] * 4)
    assert all(outcome == outcomes[0] for outcome in outcomes)
    document = house[application]
    assert [attempt["payment"] for attempt in document["payment"]["attempts"]] == [outcomes[0]["payment"]]
    assert [entry["type"] for entry in document["history"]].count("payment_started.v1") == 1


def test_due_work_looked_at_by_many_is_told_once(house: House) -> None:
    application = _in_process(house)
    house.now += timedelta(days=1)
    try:
        _together([lambda: fire_due_work(house.context, application) for _ in range(8)])
        fire_due_work(house.context, application)
    finally:
        house.now -= timedelta(days=1)
    document = house[application]
    told = Counter(entry["type"] for entry in document["history"])
    assert (told["deadline_near.v1"], told["deadline_missed.v1"]) == (1, 1)
    assert "next_due_at" not in document
    assert verify(application, document["history"], version=document["version"], head=document["head"]) is None


def test_the_history_of_a_whole_way_is_sound_in_the_database(house: House) -> None:
    application = _in_process(house)
    house.act("complete_step", application, SPECIALIST)
    document = house[application]
    assert document["status"] == Status.IN_PROCESS
    assert document["outbox"] == [1, 2, 3]
    assert verify(application, document["history"], version=document["version"], head=document["head"]) is None


def test_of_two_ties_in_opposite_directions_one_holds(house: House) -> None:
    house.now = MONDAY
    for attempt in range(8):
        one, other = (_submit(house, f"tie-{attempt}-{end}")["id"] for end in "ab")

        def tie(application: str, part: str) -> Any:
            asked = {"application": application, "other": part, "kind": "part", "_command": house.command()}
            return carry_out(house.context, "link", asked, RECEPTION)

        outcomes = _together([partial(tie, one, other), partial(tie, other, one)])
        assert sorted(isinstance(outcome, Conflict) for outcome in outcomes) == [False, True]
        kinds = sorted(tie["kind"] for application in (one, other) for tie in house[application]["links"])
        assert kinds == ["bundle", "part"]
        assert sorted(house[application]["counted"] for application in (one, other)) == [False, True]
