"""Addresses out of names: short, ASCII, each given once, and not again too soon."""

import re
from datetime import date, timedelta
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.email_provisioning.domain.mail.addresses import (
    LONGEST,
    RESERVED,
    Given,
    Homonyms,
    NamingPolicy,
    Order,
    candidates,
    choose_address,
    may_take,
)
from shared.errors import Invalid

CAN_THO = NamingPolicy("cantho.gov.vn", Order.INITIALS_FIRST)
THANH_HOA = NamingPolicy("thanhhoa.gov.vn", Order.GIVEN_FIRST, unit_suffix=True)
SPELLED = NamingPolicy("cantho.gov.vn", Order.GIVEN_FIRST, Homonyms.SPELLED)


def first(name: str, policy: NamingPolicy, count: int = 1, unit: str = "") -> list[str]:
    return [address.partition("@")[0] for address in islice(candidates(name, policy, unit), count)]


@pytest.mark.parametrize(
    ("name", "policy", "unit", "local"),
    [
        ("Nguyễn Văn A", CAN_THO, "", "nva"),
        ("Nguyễn Văn A", THANH_HOA, "stttt", "anv.stttt"),
        ("Đặng Thị Đào", CAN_THO, "", "dtdao"),
        ("Đỗ Đức", THANH_HOA, "", "ducd"),
        ("  trần   thị  MINH  khai ", CAN_THO, "", "ttmkhai"),
        ("Y Bliăh", CAN_THO, "", "ybliah"),
        ("H'Hen Niê", CAN_THO, "", "hnie"),
        ("Lê", CAN_THO, "", "le"),
        ("Nguyễn Ưng Ước", CAN_THO, "", "nuuoc"),
        ("Nguye\u0302\u0303n Va\u0306n Ba\u0300", CAN_THO, "", "nvba"),
    ],
)
def test_names_become_short_addresses(name: str, policy: NamingPolicy, unit: str, local: str) -> None:
    assert first(name, policy, unit=unit) == [local]


def test_homonyms_get_numbers_in_order() -> None:
    taken: set[str] = set()
    for expected in ("nvan", "nvan1", "nvan2"):
        address = choose_address("Nguyễn Văn An", CAN_THO, taken.__contains__)
        assert address == f"{expected}@cantho.gov.vn"
        taken.add(address)
    assert choose_address("Ngô Việt Ân", CAN_THO, taken.__contains__) == "nvan3@cantho.gov.vn"


def test_homonyms_are_spelled_out_before_they_are_counted() -> None:
    assert first("Nguyễn Văn An", SPELLED, 5) == ["annv", "annvan", "annguyenvan", "annv1", "annv2"]


def test_numbers_stand_before_the_unit() -> None:
    assert first("Nguyễn Văn A", THANH_HOA, 2, "stttt") == ["anv.stttt", "anv1.stttt"]


def test_nobody_becomes_postmaster() -> None:
    assert "root" in RESERVED
    assert first("Root", CAN_THO) == ["root1"]


@pytest.mark.parametrize("name", ["", "   ", "王小明", "-- .."])
def test_a_name_without_letters_is_refused(name: str) -> None:
    with pytest.raises(Invalid) as refused:
        choose_address(name, CAN_THO, set().__contains__)
    assert refused.value.fields[0]["code"] == "name_without_letters"


POLICIES = st.builds(
    NamingPolicy,
    domain=st.just("cantho.gov.vn"),
    order=st.sampled_from(Order),
    homonyms=st.sampled_from(Homonyms),
    unit_suffix=st.booleans(),
)
SYLLABLES = st.text("aăâbcdđeêghiklmnoôơpqrstuưvxyáàảãạắằẳẵặấầẩẫậéèẻẽẹếềểễệóòỏõọĐÂƯ'", min_size=1, max_size=7)
NAMES = st.lists(SYLLABLES, min_size=1, max_size=30).map(" ".join).filter(lambda name: re.search(r"[^' ]", name))


@given(st.lists(NAMES, min_size=1, max_size=40), POLICIES, st.sampled_from(["", "stttt", "Sở Y tế", "x" * 70]))
def test_every_address_is_valid_and_given_once(names: list[str], policy: NamingPolicy, unit: str) -> None:
    taken: set[str] = set()
    for name in [*names, *names]:
        address = choose_address(name, policy, taken.__contains__, unit)
        assert address not in taken
        local, _, domain = address.partition("@")
        assert re.fullmatch(r"[a-z0-9]+(\.[a-z0-9]+)?", local)
        assert (len(local) <= LONGEST, domain) == (True, policy.domain)
        taken.add(address)
    assert len(taken) == 2 * len(names)


@given(NAMES, POLICIES)
def test_candidates_never_repeat_and_are_always_the_same(name: str, policy: NamingPolicy) -> None:
    some = list(islice(candidates(name, policy), 50))
    assert len(set(some)) == 50
    assert some == list(islice(candidates(name, policy), 50))


DAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("given_before", "may"),
    [
        (None, True),
        (Given("me"), True),
        (Given("other"), False),
        (Given("other", DAY), False),
        (Given("other", DAY - timedelta(days=365)), False),
        (Given("other", DAY - timedelta(days=366)), True),
        (Given("me", DAY - timedelta(days=1)), True),
    ],
)
def test_an_address_rests_after_it_was_released(given_before: Given | None, may: bool) -> None:
    assert may_take(given_before, "me", DAY, 365) is may
