"""The words of refusals: there in both languages, and filled in as people read."""

import re
from typing import Any

import pytest
from marshmallow import ValidationError, fields, validate
from structlog.testing import CapturingLogger

from gateway.http.refusals import STATUS
from gateway.http.sentences import sentence, sentences, titles
from shared import errors
from shared.contracts.faults import MESSAGES, field_errors
from tests.support.gateway import GatewayInHand

# --- sentences


def test_every_kind_of_refusal_has_a_status_and_a_title() -> None:
    kinds = {kind.kind for kind in errors.Error.__subclasses__()}

    assert kinds == set(STATUS) == set(titles())


def test_a_kind_without_a_status_is_a_defect(gateway: GatewayInHand) -> None:
    class Odd(errors.Error):
        kind = "Odd"

    try:
        gateway.bus.answers["follow_application"] = Odd("odd")
        assert gateway.send("GET", "/follow/x").status_code == 500
    finally:
        del Odd


def test_every_sentence_is_there_in_both_languages_and_says_something() -> None:
    for code, said in {**sentences(), **titles()}.items():
        assert set(said) == {"vi", "en"}, code
        assert all(len(text) >= 5 for text in said.values()), code
    for code, said in sentences().items():
        assert re.fullmatch(r"[a-z][a-z0-9_]*", code)
        assert said["vi"].endswith((".", "…")), code
        assert said["en"].endswith("."), code
        assert set(re.findall(r"\{(\w+)\}", said["vi"])) >= set(re.findall(r"\{(\w+)\}", said["en"])), code


def test_what_is_for_programs_is_not_on_pages() -> None:
    away = "Dịch vụ tạm gián đoạn. Hãy thử lại sau ít giây"
    assert sentence("service_unavailable", {}, "vi") == f"{away} với cùng Idempotency-Key."
    assert sentence("service_unavailable", {}, "vi", plain=True) == f"{away}."
    for code in sentences():
        for tongue in ("vi", "en"):
            assert not re.search(r"\([a-z]+_[a-z_]+\)|[][]", sentence(code, {}, tongue, plain=True)), code
            assert not re.search(r"[][]", sentence(code, {}, tongue)), code


def test_a_code_without_a_sentence_falls_back_and_is_logged(monkeypatch: pytest.MonkeyPatch) -> None:
    log = CapturingLogger()
    monkeypatch.setattr("gateway.http.sentences._log", log)

    assert sentence("brand_new", {}, "en").startswith("Something went wrong")

    assert [(call.args, call.kwargs) for call in log.calls] == [(("code_without_sentence",), {"code": "brand_new"})]


def test_moments_and_large_numbers_are_written_as_people_read_them() -> None:
    until = {"supply_by": "2026-12-23T00:00:00+00:00"}
    assert "(07:00 ngày 23/12/2026)" in sentence("supplement_not_expired", until, "vi")
    assert "(07:00 on 23/12/2026)" in sentence("supplement_not_expired", until, "en")
    assert "16.000 đồng" in sentence("payment_outstanding", {"amount": 16000}, "vi")
    assert "16,000 dong" in sentence("payment_outstanding", {"amount": 16000}, "en")
    assert "2100" in sentence("year_unknown", {"first": 2000, "last": 2100}, "en")


@pytest.mark.parametrize("said", ["0001-01-01T00:00:00+14:00", "2026-13-40T25:00:00Z"])
def test_what_only_looks_like_a_moment_is_repeated_as_it_is(said: str) -> None:
    assert said in sentence("exchange_document_unknown", {"exchange_id": said}, "vi")


def test_words_of_a_procedure_are_told_in_the_readers_language() -> None:
    params = {"name": {"vi": "Tờ khai", "en": "Application form"}}
    assert "Tờ khai" in sentence("component_missing", params, "vi")
    assert "Application form" in sentence("component_missing", params, "en")


@pytest.mark.parametrize(
    ("size", "vi", "en"),
    [
        (999, "999 byte", "999 bytes"),
        (1536, "1,5 kB", "1.5 kB"),
        (50 << 20, "50 MB", "50 MB"),
        (3 << 30, "3 GB", "3 GB"),
    ],
)
def test_sizes_are_told_as_people_say_them(size: int, vi: str, en: str) -> None:
    assert vi in sentence("file_too_large", {"limit": size}, "vi")
    assert en in sentence("file_too_large", {"limit": size}, "en")


def test_a_missing_figure_does_not_break_a_sentence() -> None:
    assert "–" in sentence("file_too_large", {}, "vi")
    assert "pdf, png" in sentence("file_type_not_allowed", {"allowed": ["pdf", "png"]}, "en")


def _marshmallow_messages() -> list[str]:
    found = ["Unknown field.", "Invalid input type.", "Missing data for required field.", "Field may not be null."]
    for kind in vars(fields).values():
        if isinstance(kind, type) and issubclass(kind, fields.Field):
            found += [
                str(message).format(obj_type="datetime", awareness="aware", input="x", choices="a, b", type="str")
                for message in kind.default_error_messages.values()
            ]
    checks: tuple[tuple[Any, Any], ...] = (
        (validate.Length(1, 2), ""),
        (validate.Length(min=1), ""),
        (validate.Length(max=1), "ab"),
        (validate.Length(equal=1), ""),
        (validate.Range(1, 2), 3),
        (validate.Range(min=1), 0),
        (validate.Range(max=1), 2),
        (validate.Range(min=1, min_inclusive=False), 1),
        (validate.OneOf(["a"]), "b"),
        (validate.NoneOf(["b"]), "b"),
        (validate.ContainsOnly(["a"]), "b"),
        (validate.Regexp("a"), "b"),
        (validate.Equal(1), 2),
        (validate.Email(), "b"),
        (validate.URL(), "b"),
    )
    for check, value in checks:
        with pytest.raises(ValidationError) as caught:
            check(value)
        found += caught.value.messages
    return found


@pytest.mark.parametrize("message", sorted(set(_marshmallow_messages())))
def test_every_message_of_marshmallow_has_a_code_of_its_own(message: str) -> None:
    [error] = field_errors({"a": {"b": [message]}})

    assert error["path"] == "a.b"
    assert error["code"] in {code for _, code in MESSAGES}
    assert error["code"] in sentences()
    matched = [code for pattern, code in MESSAGES if pattern.fullmatch(message)]
    assert len(set(matched)) == 1 or "cannot be" in message
