"""The index of words finds exactly what the plain rule means, with few keys for each application."""

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from services.one_stop_shop.domain.search_index import searchable_words
from shared.words import keys_for, keys_of, matches, words

syllables = st.text("abnguy", min_size=1, max_size=6)
numbers = st.text("012", min_size=1, max_size=6)
found_words = st.lists(syllables | numbers, max_size=9, unique=True)


def beginnings_of(found: list[str]) -> st.SearchStrategy[str]:
    """Beginnings of words that are there, whole numbers, and words that are not."""
    if not found:
        return syllables | numbers
    known = st.sampled_from(found).flatmap(
        lambda word: st.just(word) if word.isdigit() else st.integers(1, len(word)).map(lambda length: word[:length])
    )
    return known | syllables | numbers


searches = found_words.flatmap(
    lambda found: st.tuples(st.just(found), st.lists(beginnings_of(found), min_size=1, max_size=4, unique=True))
)


@given(searches)
@example((["aaa", "a"], ["aa", "aaa"]))
def test_whatever_is_meant_stands_under_a_key_that_is_looked_up(search: tuple[list[str], list[str]]) -> None:
    found, searched = search
    if matches(found, searched):
        keys, _ = keys_for(searched)
        assert set(keys) & set(keys_of(found)), (found, searched, keys)


@given(searches)
def test_what_stands_under_an_exact_key_is_meant(search: tuple[list[str], list[str]]) -> None:
    found, searched = search
    keys, exact = keys_for(searched)
    if exact:
        assert matches(found, searched) == bool(set(keys) & set(keys_of(found)))


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("nguyễn văn an", True),
        ("NGUYEN AN", True),
        ("an nguyễn", True),
        ("ng v a", True),
        ("Văn", True),
        ("nguyen van anh", False),
        ("0912345678", True),
        ("0001", True),
        ("001", False),
        ("0912", False),
        ("le", False),
    ],
)
def test_people_are_found_as_they_are_spoken_of(text: str, meant: bool) -> None:
    owner = {"name": "Nguyễn Văn An", "phone": "0912345678"}
    document: dict[str, Any] = {"owner": owner, "submitter": None, "code": "H13.30.01-261005-0001"}
    assert matches(searchable_words(document), words(text)) is meant


def test_an_ordinary_application_has_few_keys() -> None:
    document: dict[str, Any] = {
        "owner": {"name": "Nguyễn Thị Ngọc Ánh", "phone": "0912345678"},
        "code": "H13.30.01-261005-0001",
    }
    assert len(set(keys_of(searchable_words(document)))) <= 20


def test_a_long_name_has_keys_in_proportion_to_its_words_not_to_their_pairs() -> None:
    name = "Công ty trách nhiệm hữu hạn một thành viên thương mại dịch vụ xây dựng Ninh Kiều Cần Thơ Việt Nam"
    document: dict[str, Any] = {"owner": {"name": name}, "code": "H13.30.01-261005-0001"}
    found = searchable_words(document)
    assert len(found) <= 17
    assert len(set(keys_of(found))) <= 4 * len(found) + 2
    assert set(keys_for(["cong", "ty"])[0]) & set(keys_of(found))
