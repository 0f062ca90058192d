"""Biểu II.06a adds up, and a report that does not is never given out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.one_stop_shop.domain.report_06a import IN_PROCESS, SOLVED, TOTAL, Cell, Row, check_adds_up, report_06a
from shared.errors import Internal

cells = st.lists(
    st.builds(
        Cell,
        sector=st.sampled_from(["ho_tich", "chung_thuc"]),
        channel=st.sampled_from([1, 2, 3, None]),
        carried=st.booleans(),
        state=st.sampled_from([*SOLVED, *IN_PROCESS]),
        count=st.integers(1, 50),
    ),
    max_size=30,
)


@given(cells)
def test_every_line_and_the_sum_add_up(counted: list[Cell]) -> None:
    report = report_06a(counted, {"ho_tich": "Hộ tịch"})
    for row in (*report.rows, report.total):
        check_adds_up(row)
    assert report.total.received == sum(cell.count for cell in counted)
    assert {row.field for row in report.rows} <= {"Hộ tịch", "chung_thuc"}
    assert report.total.field == TOTAL


def test_columns_by_example() -> None:
    report = report_06a(
        [
            Cell("ho_tich", 2, False, "early", 5),
            Cell("ho_tich", 1, False, "late", 2),
            Cell("ho_tich", None, False, "on_time", 1),
            Cell("ho_tich", 3, True, "in_time", 4),
            Cell("ho_tich", 2, True, "overdue", 3),
        ],
        {},
    )
    assert report.total == Row(
        TOTAL,
        received=15,
        received_online=5,
        received_direct=3,
        carried_over=7,
        solved=8,
        solved_early=5,
        solved_on_time=1,
        solved_late=2,
        in_process=7,
        in_process_in_time=4,
        in_process_late=3,
    )


@pytest.mark.parametrize(
    "odd",
    [Cell("ho_tich", 2, False, "lost", 1), Cell("ho_tich", 9, False, "early", 1), Cell("ho_tich", 1, False, "", 3)],
)
def test_a_report_with_a_value_that_nobody_foresaw_is_refused(odd: Cell) -> None:
    with pytest.raises(Internal, match="report_does_not_add_up") as refusal:
        report_06a([Cell("ho_tich", 2, False, "early", 5), odd], {"ho_tich": "Hộ tịch"})
    assert refusal.value.params == {"field": "Hộ tịch"}


@pytest.mark.parametrize("column", ["received", "carried_over", "solved_late", "in_process_in_time", "in_process"])
def test_each_column_is_held_against_the_others(column: str) -> None:
    row = Row("x")
    check_adds_up(row)
    setattr(row, column, 1)
    with pytest.raises(Internal):
        check_adds_up(row)
