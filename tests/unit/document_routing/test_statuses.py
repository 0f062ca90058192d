"""Statuses that come late, doubled and in any order end in the same state."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.document_routing.adapters.offices import read_document_types
from services.document_routing.domain import deliveries as d
from services.document_routing.domain.statuses import (
    NAMES,
    NAMES_EN,
    RequestKind,
    Row,
    answers,
    merge_row,
    standing,
)
from services.document_routing.domain.transitions import DOCUMENT_STATUSES, DOCUMENT_STATUSES_EN
from services.document_routing.usecases.context import actor_of
from services.document_routing.usecases.views import arrival_row, document_view
from tests.support.document_world import CLERK, THEIR_CLERK, DocumentWorld

BEGIN = datetime(2026, 10, 5, 1, tzinfo=UTC)
RECEIVERS_CODES = ("01", "02", "03", "04", "05", "06", "15", "16")
EMPTY: dict[str, Any] = {
    "receiver": "H13.17",
    "transport": "initial",
    "rows": [],
    "requests": [],
    "standing": None,
    "cancelled": None,
    "sending": 1,
}


def row(number: int, code: str, minute: int, request: str | None) -> Row:
    at = BEGIN + timedelta(minutes=minute)
    return {"id": f"row-{number}", "code": code, "at": at, "reason": "", "request": request}


@st.composite
def told(draw: st.DrawFn) -> list[Any]:
    """Requests of a sender and rows of a receiver, some of which answer without saying what."""
    asked = [
        ("ask", f"ask-{number}", kind, BEGIN + timedelta(minutes=minute))
        for number, (kind, minute) in enumerate(
            draw(st.lists(st.tuples(st.sampled_from(list(RequestKind)), st.integers(0, 9)), max_size=3))
        )
    ]
    names = st.sampled_from([one[1] for one in asked] + [None])
    rows = draw(st.lists(st.tuples(st.sampled_from(RECEIVERS_CODES), st.integers(0, 9), names), max_size=9))
    return [*asked, *(("row", row(number, *content)) for number, content in enumerate(rows))]


def applied(news: list[Any]) -> Any:
    """A delivery after all the news, in this order."""
    delivery: Any = EMPTY
    for one in news:
        delivery = d.add_row(delivery, one[1]) if one[0] == "row" else d.ask(delivery, one[1], one[2], one[3], "")
    return {name: delivery[name] for name in ("rows", "requests", "standing")}


@given(st.data())
def test_any_order_and_any_number_of_copies_end_the_same(data: st.DataObject) -> None:
    news = data.draw(told())
    copies = [one for one in news for _ in range(data.draw(st.integers(1, 3)))]
    shuffled = data.draw(st.permutations(copies))
    assert applied(list(shuffled)) == applied(news)


@given(st.permutations(["01", "03", "04", "05", "06"]), st.integers(0, 4))
def test_the_furthest_status_counts_however_late_the_others_come(codes: list[str], missing: int) -> None:
    present = codes[: 5 - missing]
    rows: list[Row] = []
    for number, code in enumerate(present):
        rows = merge_row(rows, row(number, code, number, None))
    assert standing([], rows) == max(present)


@given(st.data())
def test_a_row_is_never_lost(data: st.DataObject) -> None:
    news = data.draw(told())
    kept = {one["id"] for one in applied(news)["rows"]}
    assert {one[1]["id"] for one in news if one[0] == "row"} <= kept


def test_an_answer_that_does_not_say_what_it_answers_means_the_oldest_request_that_waits() -> None:
    asked: Any = [
        {"id": "first", "kind": "recall", "at": BEGIN, "reason": ""},
        {"id": "second", "kind": "recall", "at": BEGIN + timedelta(minutes=5), "reason": ""},
    ]
    assert answers(asked, [row(1, "16", 3, None)]) == {"first": "16"}
    assert answers(asked, [row(1, "16", 7, None), row(2, "15", 8, None)]) == {"first": "16", "second": "15"}
    assert answers(asked, [row(1, "16", -1, None)]) == {"first": "16"}  # their clock is behind
    assert answers(asked, [row(1, "15", -6, None)]) == {}, "nobody agrees beforehand"
    assert answers([], [row(1, "15", 1, None)]) == {}


def test_who_gave_the_document_up_has_answered_everything() -> None:
    for kind in (RequestKind.RECALL, RequestKind.REPLACE):
        asked: Any = [
            {"id": "update", "kind": RequestKind.UPDATE, "at": BEGIN, "reason": ""},
            {"id": "end", "kind": kind, "at": BEGIN, "reason": ""},
        ]
        rows = [row(1, "05", 1, None), row(2, "15", 2, "end")]
        assert answers(asked, rows) == {"update": "15", "end": "15"}
        assert standing(asked, rows) == "15"
    refused: Any = [{"id": "late", "kind": RequestKind.RECALL, "at": BEGIN, "reason": ""}]
    assert standing(refused, [row(1, "01", 0, None), row(2, "02", 1, None)]) == "02"


def test_there_are_nine_codes_and_each_has_its_words() -> None:
    assert sorted(NAMES) == ["01", "02", "03", "04", "05", "06", "13", "15", "16"]
    assert all(NAMES.values())


def test_every_status_and_kind_is_named_in_both_languages() -> None:
    assert NAMES.keys() == NAMES_EN.keys()
    assert DOCUMENT_STATUSES.keys() == DOCUMENT_STATUSES_EN.keys()
    world = DocumentWorld()
    document = world.issued()
    world.on_arrival("register_arrival", world.arrival_of(document), THEIR_CLERK)
    world.settle()
    types, sent = read_document_types(), world.documents.documents[document]
    shown = document_view(sent, types, actor_of(CLERK))
    assert (shown["status_name_en"], shown["kind_name_en"]) == ("Issued", types.get("cong_van").name_en)
    (delivery,) = shown["deliveries"]
    assert [delivery["standing_name_en"], *(one["name_en"] for one in delivery["rows"])] == [
        "Registered",
        "Arrived",
        "Registered",
    ]
    arrived = world.arrivals.documents[world.arrival_of(document)]
    listed = arrival_row(arrived, types, world.now)
    assert (listed["status_name_en"], listed["kind_name_en"]) == ("Registered", types.get("cong_van").name_en)
    assert arrived["history"][-1]["command"]["answer"]["status_name_en"] == "Registered"
    assert types.name_en("thư riêng") == "thư riêng", "other systems have kinds of their own"
