"""Every code that can be raised has a sentence in both languages, and no sentence is left over."""

import string
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.architecture.sources import REPO, Raised, all_constants, error_kinds, module, modules, raised

SENTENCES = "gateway/http/sentences.yaml"
Sentences = Mapping[str, Mapping[str, str]]


def sentences(repo: Path = REPO) -> Sentences:
    catalogue: dict[str, dict[str, str]] = yaml.safe_load((repo / SENTENCES).read_text(encoding="utf-8"))
    return catalogue


def complaints(codes: Iterable[Raised], known: Sentences, mentioned: set[str]) -> list[str]:
    """What is missing on either side."""
    codes = list(codes)
    silent = [f"{found.where}: {found.code} has no sentence" for found in codes if found.code not in known]
    empty = [
        f"{code} has no sentence in {tongue}"
        for code, texts in known.items()
        for tongue in ("vi", "en")
        if not texts.get(tongue, "").strip()
    ]
    unused = [f"nothing raises {code}" for code in known if code not in mentioned]
    unfilled = [
        f"{found.where}: {found.code} does not give {{{figure}}}"
        for found in codes
        if found.params is not None and found.code in known
        for figure in sorted(figures(known[found.code]) - found.params)
    ]
    return silent + empty + unused + unfilled


def figures(texts: Mapping[str, str]) -> set[str]:
    """The figures that stand in braces in the sentences of a code."""
    return {name for text in texts.values() for _, name, _, _ in string.Formatter().parse(text) if name}


def test_every_code_has_its_sentences_and_every_sentence_its_code() -> None:
    sources = modules()
    found = list(raised(sources, error_kinds(sources)))
    assert len(found) > 50, "the scan finds what is raised"
    assert complaints(found, sentences(), all_constants(sources)) == []


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("raise Conflict('unheard_of')", "shared/example.py:1: unheard_of has no sentence"),
        ("raise errors.Conflict('a_code' if x else 'unheard_of')", "shared/example.py:1: unheard_of has no sentence"),
        ("field_error('path', 'unheard_of')", "shared/example.py:1: unheard_of has no sentence"),
        ("raise ValidationError('unheard_of')", "shared/example.py:1: unheard_of has no sentence"),
        ("validate.Length(max=3, error='unheard_of')", "shared/example.py:1: unheard_of has no sentence"),
        ("class Odd(Conflict): ...\nraise Odd('unheard_of')", "shared/example.py:2: unheard_of has no sentence"),
        ("Conflict('other')", "shared/example.py:1: other does not give {limit}"),
        ("field_error('path', 'other', size=1)", "shared/example.py:1: other does not give {limit}"),
        ("x = 1", "nothing raises other"),
        ("Conflict('half', limit=1)", "half has no sentence in en"),
    ],
)
def test_the_guard_names_what_is_wrong(text: str, named: str) -> None:
    known: dict[str, Any] = {
        "a_code": {"vi": "Một", "en": "One"},
        "other": {"vi": "Hai", "en": "At most {limit}"},
        "half": {"vi": "Ba {limit}"},
    }
    source = module(text)
    kinds = error_kinds((*modules("shared"), source))
    found = complaints(raised([source], kinds), known, all_constants([source]))
    assert named in found


def test_the_guard_is_content_with_what_is_right() -> None:
    known = {"other": {"vi": "Tối đa {limit}", "en": "At most {limit}"}}
    source = module("Conflict('other', limit=1)\nConflict('other', **figures)\nConflict(variable)")
    found = list(raised([source], frozenset({"Conflict"})))
    assert complaints(found, known, all_constants([source])) == []
