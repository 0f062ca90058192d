"""Bands of samples and lines: a band changes only after so many samples in a row that agree that it should."""

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.conference_booking.domain.quality import (
    BAND_NAMES,
    Band,
    Figures,
    Limits,
    Rules,
    Standing,
    band_of,
    bands_after,
    follow,
    loss_of,
)

RULES = Rules(Limits(1, 150, 30), Limits(3, 300, 50), 70, 3, 6, 60, 30)
COLOURS = (Band.GREEN, Band.AMBER, Band.RED)
colours = st.sampled_from(COLOURS)
standings = st.builds(lambda band: Standing(band), st.sampled_from(list(Band)))
rules = st.builds(
    lambda worse, better: replace(RULES, worse_after=worse, better_after=better), st.integers(1, 8), st.integers(1, 8)
)
ORDER = {Band.UNKNOWN: 0, Band.GREEN: 0, Band.AMBER: 1, Band.RED: 2, Band.SILENT: 3}


@pytest.mark.parametrize(
    ("figures", "band"),
    [
        (Figures(0, 20, 3), Band.GREEN),
        (Figures(0.99, 149.9, 29.9), Band.GREEN),
        (Figures(1, 20, 3), Band.AMBER),
        (Figures(0, 150, 3), Band.AMBER),
        (Figures(0, 20, 30), Band.AMBER),
        (Figures(2.99, 299, 49), Band.AMBER),
        (Figures(3, 20, 3), Band.RED),
        (Figures(0, 300, 3), Band.RED),
        (Figures(0, 20, 50), Band.RED),
        (Figures(100), Band.RED),
        (Figures(0, 20, 3, 5.6), Band.GREEN),
        (Figures(0, 20, 3, 5.59), Band.RED),
    ],
)
def test_the_band_of_a_sample(figures: Figures, band: Band) -> None:
    assert band_of(figures, RULES, mbps=8) == band


@given(st.floats(0, 100), st.floats(0, 1000), st.floats(0, 1000), st.floats(0, 50), st.floats(0, 200))
def test_more_of_anything_bad_never_makes_a_better_band(
    loss: float, rtt: float, jitter: float, more: float, later: float
) -> None:
    before = ORDER[band_of(Figures(loss, rtt, jitter), RULES, 8)]
    for worse in (
        Figures(loss + more, rtt, jitter),
        Figures(loss, rtt + later, jitter),
        Figures(loss, rtt, jitter + later),
    ):
        assert ORDER[band_of(worse, RULES, 8)] >= before


@pytest.mark.parametrize(
    ("counts", "loss"),
    [
        ((100, 100, 0, 0), 0),
        ((100, 92, 8, 0), 8),
        ((100, 90, 2, 8), 8),
        ((100, 90, 4, 4), 6),  # two on a way that nobody knows
        ((100, 0, None, None), 100),
        ((100, 50, None, None), 50),
    ],
)
def test_loss_is_that_of_the_worse_way(counts: tuple[int, int, int | None, int | None], loss: float) -> None:
    assert loss_of(*counts) == loss


@given(standings, rules, st.lists(colours, max_size=60))
def test_a_band_changes_only_after_enough_samples_in_a_row_that_say_so(
    standing: Standing, given_rules: Rules, samples: list[Band]
) -> None:
    before = standing.band
    for end, after in enumerate(bands_after(standing, samples, given_rules), start=1):
        if before in (Band.UNKNOWN, Band.SILENT):  # anew: the first good sample is believed, a bad one is not
            assert after.band in (Band.UNKNOWN, samples[end - 1]) or end >= given_rules.worse_after
        elif after.band != before:
            worse = ORDER[after.band] > ORDER[before]
            needed = given_rules.worse_after if worse else given_rules.better_after
            run = samples[max(end - needed, 0) : end]
            assert len(run) == needed
            assert all((ORDER[one] > ORDER[before]) == worse and one != before for one in run)
            assert after.band == min(run, key=lambda one: abs(ORDER[one] - ORDER[before])), "no further than all agree"
        before = after.band


@given(standings, rules, st.lists(colours, max_size=30), colours)
def test_what_stays_is_believed_in_the_end(
    standing: Standing, given_rules: Rules, before: list[Band], stays: Band
) -> None:
    long = [stays] * (2 * max(given_rules.worse_after, given_rules.better_after) + 1)
    assert bands_after(standing, before + long, given_rules)[-1] == Standing(stays)


@given(colours, st.lists(st.integers(0, 2), max_size=20))
def test_a_line_that_swings_faster_than_that_keeps_its_band(band: Band, gaps: list[int]) -> None:
    for other in COLOURS:
        samples = [one for gap in gaps for one in ([other] * gap + [band])]
        assert {after.band for after in bands_after(Standing(band), samples, RULES)} <= {band}


def test_a_line_becomes_red_step_by_step_and_good_again_slowly() -> None:
    red = [Band.AMBER, Band.RED, Band.RED]
    assert bands_after(Standing(Band.GREEN), red, RULES)[-1].band == Band.AMBER
    assert bands_after(Standing(Band.GREEN), [Band.RED] * 3, RULES)[-1].band == Band.RED
    good = bands_after(Standing(Band.RED), [Band.GREEN] * 6, RULES)
    assert [after.band for after in good] == [Band.RED] * 5 + [Band.GREEN]


@pytest.mark.parametrize(("band", "sample"), list(product((Band.UNKNOWN, Band.SILENT), COLOURS)))
def test_who_was_not_heard_begins_anew(band: Band, sample: Band) -> None:
    after = follow(Standing(band), sample, RULES)
    assert after.band == (Band.GREEN if sample == Band.GREEN else Band.UNKNOWN)


def test_every_band_has_a_name() -> None:
    assert set(BAND_NAMES) == set(Band)
