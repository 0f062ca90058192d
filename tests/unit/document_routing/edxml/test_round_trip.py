"""Whatever is written is read back equal, in pieces of any size, signed or not."""

from collections.abc import Iterable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.document_routing.adapters.edxml_reader import is_bound, read_message
from services.document_routing.adapters.edxml_stream import content_streams
from services.document_routing.adapters.edxml_writer import write_message
from services.document_routing.adapters.xml_signature import Trust
from services.document_routing.domain.edxml.formats import (
    document_identifier,
    read_day,
    read_identifier,
    read_moment,
    write_day,
    write_moment,
)
from services.document_routing.domain.edxml.message import DocumentMessage, StatusMessage
from tests.support.certificates import seal_of
from tests.unit.document_routing.edxml.messages import DAYS, MOMENTS, documents, enclosures, of_type, statuses

LIMIT = 10_000_000


def cut(data: bytes, size: int) -> Iterable[bytes]:
    return [data[start : start + size] for start in range(0, len(data), size)]


@given(documents(), st.integers(1, 400), st.booleans())
def test_a_document_and_its_attachments_come_back(
    made: tuple[DocumentMessage, list[bytes]], size: int, signed: bool
) -> None:
    message, contents = made
    seal = seal_of("UBND", curve=True) if signed else None
    written = b"".join(write_message(message, enclosures(message, contents), seal))
    trust = Trust([seal.certificate]) if seal else Trust()

    found = read_message(lambda: cut(written, size), limit=LIMIT, trust=trust)

    assert found.message == message
    assert (found.signature is not None) == signed
    assert all(map(is_bound, found.attachments))
    streams = content_streams(cut(written, size), LIMIT)
    assert [b"".join(iter(lambda: stream.read(100), b"")) for stream in streams] == contents  # noqa: B023


@given(statuses(), st.integers(1, 400))
def test_a_status_comes_back(message: StatusMessage, size: int) -> None:
    written = b"".join(write_message(message))
    assert read_message(lambda: cut(written, size), limit=LIMIT).message == message


@pytest.mark.parametrize("business_type", [0, 1, 2, 3])
def test_every_business_type_comes_back(business_type: int) -> None:
    message = of_type(business_type)
    written = b"".join(write_message(message, enclosures(message, [b"%PDF-1.7 van ban %%EOF"])))
    assert read_message(lambda: [written], limit=LIMIT).message == message


def test_yes_and_no_are_written_as_figures() -> None:
    message = of_type(2)
    written = b"".join(write_message(message, enclosures(message, [b"%PDF-1.7 van ban"]))).decode()
    assert "DocumentInfo>1</" in written
    assert ">true<" not in written
    assert ">false<" not in written


@given(DAYS, MOMENTS)
def test_days_and_moments_come_back(day: date, moment: object) -> None:
    assert read_day(write_day(day)) == day
    assert read_moment(write_moment(moment)) == moment  # type: ignore[arg-type]


def test_an_identifier_can_be_read_again() -> None:
    identifier = document_identifier("000.00.00.G22", date(2015, 9, 30), "7816", "VPCP-TTĐT")
    assert identifier == "000.00.00.G22,2015/09/30,7816/VPCP-TTĐT"
    assert read_identifier(identifier) == ("000.00.00.G22", date(2015, 9, 30), "7816", "VPCP-TTĐT")
    assert read_identifier("H13-2026-15/QĐ") is None
    assert read_identifier("H13,2026/13/45,1/QĐ") is None


def test_what_one_reader_leaves_does_not_reach_the_next() -> None:
    message, contents = of_type(0), [b"%PDF-1.7 van ban %%EOF"]
    twice = DocumentMessage(message.header, message.trace, message.manifest)
    written = b"".join(write_message(twice, enclosures(twice, contents) * 2))
    streams = content_streams(cut(written, 7), LIMIT)
    assert next(streams).read(4) == b"%PDF"
    assert next(streams).read(100) == contents[0]
    assert list(streams) == []
