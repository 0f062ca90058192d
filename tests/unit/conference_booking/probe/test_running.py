"""A probe goes on: past a sample that the centre never takes, past its own failures, and not for ever."""

import email.message
import http.client
import io
import sqlite3
import urllib.error
import urllib.request
from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from services.conference_booking.adapters.networks_file import read_networks
from services.conference_booking.probe import running
from services.conference_booking.probe.asking import Asker, Line, Throughput
from services.conference_booking.probe.configuration import Configuration, Pace
from services.conference_booking.probe.figures import figures_of
from services.conference_booking.probe.reporting import SECONDS, Gateway, NotReported, Refused
from services.conference_booking.probe.running import Probe, Trains, sample_of
from services.conference_booking.probe.spool import MOST_REFUSED, Spool

Sample = Mapping[str, Any]


class Centre(Gateway):
    """Takes what has no bad sample in it."""

    def __init__(self, *bad: int, answer: type[NotReported] = Refused) -> None:
        super().__init__("https://centre.example.vn", "probe-th-05", "secret")
        self.bad, self.answer = set(bad), answer
        self.taken: list[int] = []
        self.asked = 0

    def report(self, endpoint: str, source: str, samples: Any) -> dict[str, Any]:
        self.asked += 1
        numbers = [one["sequence"] for one in samples]
        if self.bad.intersection(numbers):
            raise self.answer("422 more_than_sent")
        self.taken += numbers
        return {"trains": True}


def told(folder: Path, centre: Gateway, **pace: float) -> Configuration:
    slow: dict[str, Any] = {"report_seconds": 0.01, "sample_seconds": 0.01, **pace}
    return Configuration(
        "th-05", b"\xab" * 32, ("centre.example.vn", 1), folder, centre, (Line("primary"),), Pace(**slow)
    )


def kept(folder: Path, table: str) -> list[int]:
    with closing(sqlite3.connect(folder / "samples.sqlite")) as file:
        return [row[0] for row in file.execute(f"SELECT sequence FROM {table} ORDER BY sequence")]


def spooled(folder: Path, count: int) -> None:
    spool, figures = Spool(folder / "samples.sqlite", 1000), figures_of({0: 0}, [])
    for _ in range(count):
        spool.add(sample_of("primary", datetime.now(UTC), 5.0, figures, Throughput(None, None)))
    spool.close()


class TestRefused:
    def test_one_that_the_centre_never_takes_is_set_aside_and_the_others_arrive(self, tmp_path: Path) -> None:
        spooled(tmp_path, 250)
        centre = Centre(7, 201)
        probe = Probe(told(tmp_path, centre))
        while probe._report_batch():
            pass
        assert centre.taken == [number for number in range(1, 251) if number not in (7, 201)]
        assert (kept(tmp_path, "samples"), kept(tmp_path, "refused")) == ([], [7, 201])
        assert centre.asked < 50, "found by halves"

    def test_what_is_no_fault_of_the_samples_lets_them_wait(self, tmp_path: Path) -> None:
        spooled(tmp_path, 3)
        probe = Probe(told(tmp_path, Centre(2, answer=NotReported)))
        with pytest.raises(NotReported):
            probe._report_batch()
        assert (kept(tmp_path, "samples"), kept(tmp_path, "refused")) == ([1, 2, 3], [])

    @pytest.mark.parametrize("code", [400, 409, 413, 422])
    def test_an_answer_that_finds_fault_is_told_apart(self, monkeypatch: pytest.MonkeyPatch, code: int) -> None:
        with pytest.raises(Refused):
            answered(monkeypatch, code).report("th-05", "source", [{"sequence": 1}])

    @pytest.mark.parametrize("code", [401, 403, 404, 408, 429, 500, 503])
    def test_an_answer_about_who_or_when_is_not(self, monkeypatch: pytest.MonkeyPatch, code: int) -> None:
        with pytest.raises(NotReported) as told:
            answered(monkeypatch, code).report("th-05", "source", [{"sequence": 1}])
        assert not isinstance(told.value, Refused)

    def test_an_answer_that_is_cut_off_or_somebody_elses_is_no_report(self, monkeypatch: pytest.MonkeyPatch) -> None:
        gateway = Gateway("https://centre.example.vn", "probe-th-05", "secret")
        for given in (http.client.BadStatusLine("?"), b"[]", b"{}", b"<html>"):
            monkeypatch.setattr(urllib.request, "urlopen", Opened(given))
            with pytest.raises(NotReported):
                gateway.report("th-05", "source", [{"sequence": 1}])

    def test_what_is_set_aside_is_bounded(self, tmp_path: Path) -> None:
        spool = Spool(tmp_path / "samples.sqlite", 5000)
        for number in range(1, MOST_REFUSED + 3):
            spool.add({"n": number})
            spool.set_aside(number, "422")
        assert len(spool) == 0
        spool.close()
        assert kept(tmp_path, "refused") == list(range(3, MOST_REFUSED + 3))


class Opened:
    """Stands for `urlopen`, with one answer to everything."""

    def __init__(self, given: Any) -> None:
        self.given = given

    def __call__(self, *_: Any, **__: Any) -> Any:
        if isinstance(self.given, Exception):
            raise self.given
        return io.BytesIO(self.given)


def answered(monkeypatch: pytest.MonkeyPatch, code: int) -> Gateway:
    def refuse(request: urllib.request.Request, **_: Any) -> Any:
        if request.full_url.endswith("/oauth/token"):
            return io.BytesIO(b'{"access_token": "t"}')
        raise urllib.error.HTTPError(request.full_url, code, "", email.message.Message(), io.BytesIO(b"{}"))

    monkeypatch.setattr(urllib.request, "urlopen", refuse)
    return Gateway("https://centre.example.vn", "probe-th-05", "secret")


class TestFailures:
    @pytest.fixture(autouse=True)
    def quick(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(running, "AGAIN", 0.01)
        monkeypatch.setattr(Asker, "train", lambda *_: Throughput(None, None))

    def test_a_thread_that_fails_begins_again(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        calls = []

        def measure(*_: Any) -> Any:
            calls.append(1)
            if len(calls) < 4:
                raise ValueError("what nobody thought of")
            probe.stop()
            return figures_of({0: 0}, [])

        monkeypatch.setattr(Asker, "sample", measure)
        probe = Probe(told(tmp_path, Centre()))
        assert probe.run()
        assert len(calls) == 4

    def test_one_that_fails_for_ever_ends_the_probe(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def measure(*_: Any) -> Any:
            raise ValueError("what nobody thought of")

        monkeypatch.setattr(Asker, "sample", measure)
        assert not Probe(told(tmp_path, Centre())).run(), "whoever started it starts it anew"

    def test_a_disk_that_was_full_is_written_to_again(self, tmp_path: Path) -> None:
        spool = Spool(tmp_path / "samples.sqlite", 10)
        spool._file.execute("CREATE TRIGGER full BEFORE INSERT ON samples BEGIN SELECT RAISE(FAIL, 'full'); END")
        with pytest.raises(sqlite3.IntegrityError):
            spool.add({"n": 1})
        spool._file.execute("DROP TRIGGER full")
        assert spool.add({"n": 2}) == 0
        assert [one["n"] for one in spool.oldest(10)] == [2]


class TestTrains:
    def test_a_pause_of_the_process_is_not_made_up_for(self) -> None:
        trains = Trains(900.0, 0.0)
        assert [trains.leaves(now) for now in (4 * 3600.0, 4 * 3600.0 + 5, 4 * 3600.0 + 10)] == [True, False, False]
        assert trains.leaves(4 * 3600.0 + 900)

    def test_none_leave_where_none_are_wanted(self) -> None:
        assert not any(Trains(0.0, 0.0).leaves(now) for now in range(0, 10_000, 100))


def test_a_probe_is_heard_again_before_its_lines_count_as_silent() -> None:
    longest = running.LONGEST_PAUSE * 1.2 + SECONDS
    assert all(longest < network.quality.silent_after for network in read_networks().networks)
