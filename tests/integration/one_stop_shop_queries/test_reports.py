"""Figures agree with a plain count over random applications, for any period, channel gaps and bundle parts included."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pymongo import MongoClient

from services.one_stop_shop.adapters.register_sheet import register_sheet
from services.one_stop_shop.domain.forms import Register
from services.one_stop_shop.domain.report_06a import TOTAL
from shared.contracts.principal import Principal, Role
from shared.errors import Forbidden, Invalid
from shared.working_time import VIETNAM
from tests.integration.one_stop_shop_queries.conftest import AGENCIES, NOW
from tests.support.house import House
from tests.support.shop_in_memory import catalogue
from tests.support.world import OPERATOR, OWNER, RECEPTION

Document = dict[str, Any]
AGENCY = AGENCIES[0]
OFFICER = Principal("officer-1", "Cán bộ 1", frozenset({Role.HEAD_OF_UNIT}), agency=AGENCY)
CITY = Principal("city", "Thành phố", frozenset({Role.HEAD_OF_UNIT}), agency="H13")
TODAY = NOW.astimezone(VIETNAM).date()
SECTORS = {key: name.vi for key, name in catalogue().sectors.items()}

AUNT = {
    **OWNER,
    "name": "Lê Thị Sáu",
    "identity_number": "092190000456",
    "phone": "0987654321",
    "address": {"line": "7 Lê Lợi", "commune": "Phường Cái Khế", "province": "Thành phố Cần Thơ"},
}
"""Who hands in for somebody else."""


def test_of_days_to_come_nothing_is_reported(house: House) -> None:
    coming = {"first_day": str(TODAY + timedelta(days=1)), "last_day": str(TODAY + timedelta(days=9))}
    for operation in ("report_06a", "report_indicators", "list_register"):
        with pytest.raises(Invalid) as refusal:
            house.ask(operation, OFFICER, **coming)
        assert [(wrong["path"], wrong["code"]) for wrong in refusal.value.fields] == [("first_day", "in_future")]


days = st.integers(0, 45).map(lambda ago: TODAY - timedelta(days=ago))
periods = st.tuples(days, days).map(sorted)
over_all_of_it = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def midnight(day: date) -> datetime:
    return datetime.combine(day, time(), VIETNAM)


class Plain:
    """The applications of some agencies in a period, told apart one by one in the plainest words."""

    def __init__(self, documents: list[Document], agencies: set[str], first_day: date, last_day: date) -> None:
        self.first, self.end = midnight(first_day), midnight(last_day + timedelta(days=1))
        self.now = min(NOW, self.end)
        self.alive = [
            document
            for document in documents
            if document["competent_agency"] in agencies
            and document["counted"]
            and document["received_at"]
            and document["received_at"] < self.end
            and not self.ended_before(document)
        ]

    def ended_at(self, document: Document) -> datetime | None:
        return (
            document["finished_at"]
            or document["refused_at"]
            or (document["closed_at"] if document["status"] == 7 else None)
        )

    def ended_before(self, document: Document) -> bool:
        ended = self.ended_at(document)
        return ended is not None and ended < self.first

    def solved(self, document: Document) -> bool:
        ended = self.ended_at(document)
        return ended is not None and ended < self.end

    def late(self, document: Document) -> bool:
        """Whether the due moment had passed when it ended, began to wait, or the period did."""
        judged = self.ended_at(document) if self.solved(document) else self.now
        waiting = [pause["paused_from"] for pause in document["clock"]["intervals"] if pause["paused_to"] is None]
        return min([judged, *waiting]) > document["due_at"]

    def in_period(self, document: Document) -> bool:
        return bool(document["received_at"] >= self.first)

    def row(self, field: str, documents: list[Document]) -> Document:
        solved = [d for d in documents if self.solved(d)]
        pending = [d for d in documents if not self.solved(d)]
        early = [
            d
            for d in solved
            if not self.late(d) and self.ended_at(d).astimezone(VIETNAM).date() < d["due_at"].astimezone(VIETNAM).date()
        ]
        new = [d for d in documents if self.in_period(d)]
        return {
            "field": field,
            "received": len(documents),
            "received_online": sum(d["channel"] == 2 for d in new),
            "received_direct": sum(d["channel"] != 2 for d in new),
            "carried_over": len(documents) - len(new),
            "solved": len(solved),
            "solved_early": len(early),
            "solved_on_time": sum(not self.late(d) for d in solved) - len(early),
            "solved_late": sum(self.late(d) for d in solved),
            "in_process": len(pending),
            "in_process_in_time": sum(not self.late(d) for d in pending),
            "in_process_late": sum(self.late(d) for d in pending),
        }


@over_all_of_it
@given(period=periods)
def test_form_06a_is_the_plain_count(house: House, samples: list[Document], period: list[date]) -> None:
    first_day, last_day = period
    plain = Plain(samples, {AGENCY}, first_day, last_day)
    report = house.ask("report_06a", OFFICER, first_day=first_day.isoformat(), last_day=last_day.isoformat())
    fields = {SECTORS[document["procedure"]["sector"]] for document in plain.alive}
    assert report["rows"] == [
        plain.row(field, [d for d in plain.alive if SECTORS[d["procedure"]["sector"]] == field])
        for field in sorted(fields)
    ]
    assert report["total"] == plain.row(TOTAL, plain.alive)


@over_all_of_it
@given(period=periods)
def test_the_indicators_are_the_plain_counts(house: House, samples: list[Document], period: list[date]) -> None:
    first_day, last_day = period
    plain = Plain(samples, {AGENCY}, first_day, last_day)
    report = house.ask("report_indicators", OFFICER, first_day=first_day.isoformat(), last_day=last_day.isoformat())
    found = {row["id"]: (row["numerator"], row["denominator"]) for row in report["indicators"]}

    new = [d for d in plain.alive if plain.in_period(d)]
    finished = [d for d in plain.alive if plain.solved(d) and d["status"] in (9, 10)]
    electronic = [d for d in finished if d["result"]["files"]]
    late = [d for d in finished if plain.late(d) or len(d["supplements"]) > 1]
    disliked = sum(rating["score"] == "dissatisfied" for d in finished for rating in d["ratings"])
    with_fee = [d for d in new if d["payment"]["amount"]]
    online = [d for d in new if d["channel"] == 2 and (not plain.solved(d) or (d["result"] or {}).get("files"))]
    assert found["1.4"] == (sum(d["synchronisation"]["state"] == "done" for d in new), len(new))
    assert found["2.1"] == (sum(not plain.late(d) and len(d["supplements"]) < 2 for d in plain.alive), len(plain.alive))
    assert found["2.2"][1] == sum(plain.solved(d) for d in plain.alive)
    assert found["3.3"] == (len(online), len(new))
    assert found["3.6"] == (sum(d["payment"]["method"] == "online" for d in with_fee), len(with_fee))
    assert found["4.1"] == (len(electronic), len(finished))
    assert found["4.2"] == (sum(bool(d["components"][0]["file"]) for d in electronic), len(finished))
    assert found["4.3"] == (sum(bool(d["components"][0]["reused_from"]) for d in new), len(new))
    assert found["5.4"] == (len(finished) - len(late) - disliked, len(finished))
    for row in report["indicators"]:
        assert (row["value"] is None) == (row["denominator"] == 0)


def test_the_mean_time_leaves_out_what_the_clock_stood(house: House, samples: list[Document]) -> None:
    first_day = TODAY - timedelta(days=365)
    plain = Plain(samples, {AGENCY}, first_day, TODAY)
    report = house.ask("report_indicators", OFFICER, first_day=first_day.isoformat(), last_day=TODAY.isoformat())
    mean = next(row for row in report["indicators"] if row["id"] == "2.2")
    worked = []
    for document in filter(plain.solved, plain.alive):
        stood = sum(
            (pause["paused_to"] - pause["paused_from"] for pause in document["clock"]["intervals"]), timedelta()
        )
        worked.append(max(plain.ended_at(document) - document["received_at"] - stood, timedelta()))  # type: ignore[operator]  # solved
    assert mean["value"] == pytest.approx(sum(worked, timedelta()) / timedelta(hours=1) / len(worked), abs=0.01)
    assert mean["unit"] == "hours"


def test_an_upper_agency_sums_up_those_below_it(house: House, samples: list[Document]) -> None:
    period = {"first_day": "2026-01-01", "last_day": "2026-10-05"}
    within = {AGENCIES[0], AGENCIES[1]}
    expected = Plain(samples, within, date(2026, 1, 1), date(2026, 10, 5))
    for principal, asked in ((CITY, {}), (OPERATOR, {"agency": "H13"})):
        report = house.ask("report_06a", principal, **period, **asked)
        assert report["total"] == expected.row(TOTAL, expected.alive)
    with pytest.raises(Forbidden, match="other_agency"):
        house.ask("report_06a", CITY, agency=AGENCIES[2], **period)


def test_a_period_says_whether_it_is_over_and_when_it_was_looked_at(house: House, samples: list[Document]) -> None:
    past = house.ask("report_indicators", OFFICER, first_day="2026-09-01", last_day="2026-09-30")
    present = house.ask("report_indicators", OFFICER, first_day="2026-10-01", last_day="2026-10-05")
    assert past["finished_period"]
    assert not present["finished_period"]
    assert present["taken_at"] == NOW


def test_where_nothing_was_received_a_value_is_missing_and_not_0(house: House, samples: list[Document]) -> None:
    report = house.ask("report_indicators", OFFICER, first_day="2020-01-01", last_day="2020-01-31")
    on_time = next(row for row in report["indicators"] if row["id"] == "2.1")
    assert on_time == {
        "id": "2.1",
        "name": on_time["name"],
        "numerator": 0,
        "denominator": 0,
        "value": None,
        "unit": "percent",
    }


@pytest.mark.parametrize(
    "period",
    [{"first_day": "2026-10-02", "last_day": "2026-10-01"}, {"first_day": "2020-01-01", "last_day": "2026-01-01"}],
)
def test_a_period_that_runs_backwards_or_too_long_is_refused(house: House, period: dict[str, str]) -> None:
    with pytest.raises(Invalid) as refusal:
        house.ask("report_06a", OFFICER, **period)
    assert refusal.value.fields[0]["path"] == "last_day"


def test_an_operator_without_an_agency_must_name_one(house: House) -> None:
    with pytest.raises(Invalid) as refusal:
        house.ask("report_06a", OPERATOR, first_day="2026-10-01", last_day="2026-10-05")
    assert refusal.value.fields[0]["path"] == "agency"


def test_the_register_lists_all_receptions_of_the_period_once(house: House, samples: list[Document]) -> None:
    first, end = midnight(date(2026, 9, 1)), midnight(date(2026, 10, 6))
    rows = house.pages("list_register", OFFICER, limit=7, first_day="2026-09-01", last_day="2026-10-05")
    received = [
        d for d in samples if d["received_agency"] == AGENCY and d["received_at"] and first <= d["received_at"] < end
    ]
    expected = sorted(received, key=lambda d: (d["received_at"], d["_id"]))
    assert [row["code"] for row in rows] == [document["code"] for document in expected]
    assert [row["number"] for row in rows] == list(range(1, len(expected) + 1))
    assert Counter(row["outcome"] for row in rows) == Counter(document["outcome"] for document in expected)


@pytest.mark.parametrize(("kind", "start"), [("pdf", b"%PDF-"), ("xlsx", b"PK")])
def test_the_register_is_printed_as_a_file(house: House, samples: list[Document], kind: str, start: bytes) -> None:
    period = {"first_day": "2026-10-01", "last_day": "2026-10-05", "format": kind}
    ticket = house.ask("print_register", OFFICER, **period)
    content = b"".join(house.context.files.store.open(ticket["file"]).chunks)  # type: ignore[attr-defined]  # the test's
    assert content.startswith(start)
    assert ticket["size"] == len(content)
    assert house.ask("print_register", OFFICER, **period)["file"] == ticket["file"]


@pytest.fixture
def registered(client: MongoClient[Document], mongo_prefix: str) -> Iterator[tuple[House, list[Register]]]:
    """A house whose registers are kept as they were before they became a file."""
    house = House(NOW, database=client[f"{mongo_prefix}registered"], client=client)
    kept: list[Register] = []

    def keep(register: Register) -> bytes:
        kept.append(register)
        return register_sheet(register)

    house.context = replace(house.context, sheet=keep)
    yield house, kept
    for name in (f"{mongo_prefix}registered", f"{mongo_prefix}registered_files"):
        client.drop_database(name)


def test_a_row_of_the_printed_register_speaks_of_one_person_and_of_who_decides(
    registered: tuple[House, list[Register]],
) -> None:
    house, kept = registered
    application = house.submit(
        RECEPTION,
        channel=1,
        procedure="1.004194",
        submitter=AUNT,
        answers={"new_address": "12 Nguyễn Trãi", "dwelling": "owned"},
        components=[{"component": key, "originals": 1} for key in ("to_khai", "giay_to_cho_o", "van_ban_uy_quyen")],
    )
    assert house[application]["received_at"] == NOW
    period = {"first_day": "2026-10-01", "last_day": "2026-10-05"}
    house.ask("print_register", RECEPTION, **period, format="xlsx")
    ((row,),) = (register.rows for register in kept)
    assert (row.submitter, row.phone) == (AUNT["name"], AUNT["phone"])
    assert row.address == "7 Lê Lợi, Phường Cái Khế, Thành phố Cần Thơ"
    assert row.agency == "Công an phường Ninh Kiều"
    (listed,) = house.pages("list_register", RECEPTION, **period)
    assert (listed["submitter_name"], listed["agency"]) == (AUNT["name"], "G01.92.001")


def test_the_printed_register_has_the_place_of_the_other_forms(registered: tuple[House, list[Register]]) -> None:
    house, kept = registered
    application = house.submit()
    house.act("receive", application, RECEPTION)
    house.ask("print_register", RECEPTION, first_day="2026-10-01", last_day="2026-10-05", format="xlsx")
    (form,) = house[application]["forms"]
    assert kept[0].letterhead.place == form["data"]["letterhead"]["place"]
    assert kept[0].letterhead.body == form["data"]["letterhead"]["body"]
