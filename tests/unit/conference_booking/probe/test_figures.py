"""Loss on either way, jitter, percentiles and throughput, against figures worked out by hand."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.conference_booking.probe.figures import Came, figures_of, jitter, percentile, throughput
from services.conference_booking.probe.packets import Answer


@st.composite
def fates(draw: st.DrawFn) -> list[str]:
    """What became of each packet, the last of which came back."""
    return [*draw(st.lists(st.sampled_from(["there", "back", "fine"]), max_size=60)), "fine"]


def came_of(fate: Sequence[str]) -> list[Came]:
    """The answers of packets with these fates, without any delay."""
    found, count = [], 0
    for number, what in enumerate(fate):
        count += what != "there"
        if what == "fine":
            found.append(Came(Answer(b"", number, number * 1000, number * 1000, count), number * 1000))
    return found


@given(fates(), st.integers(0, 20))
def test_each_loss_is_told_on_the_way_where_it_happened(fate: list[str], unknown: int) -> None:
    """Packets behind the last that came back are lost on a way that nobody knows."""
    sent = {number: number * 1000 for number in range(len(fate) + unknown)}
    figures = figures_of(sent, came_of(fate))
    assert (figures.lost_there, figures.lost_back) == (fate.count("there"), fate.count("back"))
    assert figures.sent - figures.received == fate.count("there") + fate.count("back") + unknown


@given(fates(), fates(), st.integers(0, 20))
def test_a_reflector_that_began_anew_makes_no_figures_that_contradict_themselves(
    before: list[str], after: list[str], unknown: int
) -> None:
    """It counts from one again, in the middle of a sample."""
    first = len(before)
    again = [
        Came(replace(one.answer, number=first + one.answer.number, arrived=(first + one.answer.number) * 1000), 0)
        for one in came_of(after)
    ]
    sent = {number: number * 1000 for number in range(first + len(after) + unknown)}
    figures = figures_of(sent, [*came_of(before), *again])
    assert figures.received + (figures.lost_there or 0) + (figures.lost_back or 0) <= figures.sent
    assert (figures.lost_there is None) == (figures.lost_back is None)


def test_a_reflector_that_began_anew_tells_nothing_of_either_way() -> None:
    answers = [(n, n + 1) for n in range(60)] + [(n, n - 79) for n in range(80, 100)]
    came = [Came(Answer(b"", n, n * 1000, n * 1000, count), n * 1000) for n, count in answers]
    figures = figures_of({n: n * 1000 for n in range(100)}, came)
    assert (figures.received, figures.lost_there, figures.lost_back) == (80, None, None)


def test_a_dead_line_says_nothing_but_that(capsys: pytest.CaptureFixture[str]) -> None:
    figures = figures_of(dict.fromkeys(range(100), 0), [])
    assert (figures.sent, figures.received, figures.lost_there, figures.lost_back) == (100, 0, None, None)
    assert {figures.rtt_p50, figures.rtt_max, figures.jitter_there, figures.jitter_back} == {None}


def test_the_time_that_the_reflector_kept_a_packet_is_not_the_lines() -> None:
    far = 5_000_000_000  # another clock
    came = [
        Came(Answer(b"", n, far + n * 1000 + 4_000, far + n * 1000 + 9_000, n + 1), n * 1000 + 15_000) for n in (0, 1)
    ]
    figures = figures_of({0: 0, 1: 1000}, came)
    assert (figures.rtt_p50, figures.rtt_p95, figures.rtt_max) == (10.0, 10.0, 10.0)
    assert (figures.jitter_there, figures.jitter_back) == (0.0, 0.0)


def test_jitter_is_that_of_rfc_3550_whatever_the_clocks() -> None:
    # transit times 10, 20, 10, 40 ms: |D| = 10, 10, 30; J = 10/16, then + (10 - J)/16, then + (30 - J)/16
    trips = [(0, 10_000), (20_000, 40_000), (40_000, 50_000), (60_000, 100_000)]
    first = 10 / 16
    second = first + (10 - first) / 16
    third = second + (30 - second) / 16
    assert jitter(trips) == pytest.approx(third, abs=0.001)
    assert jitter([(left, arrived + 999_999_999) for left, arrived in trips]) == pytest.approx(third, abs=0.001)
    assert jitter(trips[:1]) is None


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=300), st.integers(1, 100))
def test_a_percentile_is_a_value_that_so_many_do_not_exceed(values: list[float], share: int) -> None:
    ordered = [round(value, 3) for value in sorted(values)]
    found = percentile(ordered, share)
    assert found in ordered
    assert sum(value <= found for value in ordered) * 100 >= share * len(ordered)
    assert sum(value < found for value in ordered) * 100 < share * len(ordered)


def test_throughput_is_what_passed_after_the_first_packet() -> None:
    assert throughput([0, 2_000, 4_000], 1250) == 5.0
    assert throughput([4_000, 0, 2_000], 1250) == 5.0
    assert throughput([0], 1250) is None
    assert throughput([], 1250) is None
