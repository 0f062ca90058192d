"""Tables of figures: what is drawn of them, and what becomes of them in a file."""

import csv
import io

from gateway.portal.charts import MOST_BARS, WIDTH, Table, percent, picture, write_csv


def table(*rows: tuple[object, ...], **more: object) -> Table:
    return Table("Số liệu", ("Tên", "Số"), rows, **{"drawn": 1, **more})  # type: ignore[arg-type]  # as tests put them


def test_bars_are_as_long_as_their_values_on_one_scale() -> None:
    drawn = picture(table(("a", 50.0), ("b", 200), ("c", None), ("d", 0)))
    assert drawn is not None
    assert [bar["width"] for bar in drawn["bars"]] == [WIDTH / 4, WIDTH, 0, 0]
    assert [bar["value"] for bar in drawn["bars"]] == [50, 200, None, 0]
    shares = picture(table(("a", 50), top=100))
    assert shares is not None
    assert shares["bars"][0]["width"] == WIDTH / 2, "a share is drawn of the whole"


def test_a_line_leaves_out_what_is_not_known_and_stays_inside() -> None:
    drawn = picture(table(("10/2026", 0), ("11/2026", None), ("12/2026", 7), line=True))
    assert drawn is not None
    assert [dot["name"] for dot in drawn["dots"]] == ["10", "12"]
    assert all(0 < dot["x"] < WIDTH and 9 < dot["y"] < drawn["height"] - 24 for dot in drawn["dots"])
    assert drawn["dots"][0]["y"] > drawn["dots"][1]["y"]


def test_nothing_is_drawn_of_nothing_and_not_more_than_can_be_read() -> None:
    assert picture(table()) is None
    assert picture(table(("a", None))) is None
    assert picture(table(("a", 1), drawn=0)) is None
    assert picture(table(("a", 0))) is not None
    many = picture(table(*((f"Cơ quan {number} " * 9, number) for number in range(50))))
    assert many is not None
    assert (len(many["bars"]), many["more"]) == (MOST_BARS, True)
    assert many["bars"][0]["name"] == "Cơ quan 0 " * 9, "the page breaks a long name"


def test_a_file_has_everything_and_no_formulas() -> None:
    hostile = table(('=HYPERLINK("http://x")', 1), ("@a", -2.5), ('a "b", c\nd', None), units=("", "%"))
    content = write_csv([("Từ ngày", "01/11/2026")], [hostile])
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert rows == [
        ["Từ ngày", "01/11/2026"],
        [],
        ["Số liệu"],
        ["Tên", "Số (%)"],
        ['\'=HYPERLINK("http://x")', "1"],
        ["'@a", "-2.5"],
        ['a "b", c\nd', ""],
    ]


def test_a_share_of_nothing_is_none() -> None:
    assert percent(0, 0) is None
    assert percent(None, 3) is None
    assert percent(1, 3) == 33.3
