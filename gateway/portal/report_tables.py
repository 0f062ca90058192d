"""How the figures of each report become tables."""

from collections.abc import Mapping, Sequence
from typing import Any

from gateway.portal.charts import Table, percent
from gateway.portal.language import gettext as _
from gateway.portal.language import look_up, said, words

Figures = Mapping[str, Any]


COUNTED = {
    "1.4": said("Hồ sơ mà Cổng Dịch vụ công quốc gia đã xác nhận, trên số tiếp nhận trong kỳ."),
    "2.1": said("Không quá hạn và không phải bổ sung quá một lần, trên mọi hồ sơ giải quyết hoặc đang giải quyết."),
    "2.2": said("Giờ làm việc từ tiếp nhận đến kết thúc, không kể lúc tạm dừng, của hồ sơ kết thúc trong kỳ."),
    "3.1": said("Thủ tục nộp được trực tuyến toàn trình hoặc một phần, trên số thủ tục thuộc thẩm quyền."),
    "3.2": said("Thủ tục có hồ sơ nộp trực tuyến trong kỳ, trên số thủ tục nộp được trực tuyến."),
    "3.3": said(
        "Nộp trực tuyến, nếu đã kết thúc thì có kết quả điện tử, trên số tiếp nhận trong kỳ;"
        " vì vậy có thể ít hơn cột Trực tuyến của Biểu II.06a."
    ),
    "3.5": said("Thủ tục toàn trình có phí, lệ phí, trên số thủ tục có phí, lệ phí."),
    "3.6": said("Đã nộp phí, lệ phí trực tuyến, trên số hồ sơ phải nộp; hồ sơ được miễn không tính."),
    "4.1": said("Có tệp kết quả, trên số hồ sơ có kết quả trong kỳ."),
    "4.2": said("Có tệp giấy tờ và tệp kết quả, trên số hồ sơ có kết quả trong kỳ."),
    "4.3": said("Có giấy tờ dùng lại từ lần nộp trước, trên số tiếp nhận trong kỳ."),
    "5.4": said(
        "Không quá hạn và không bị chấm “không hài lòng”, trên số hồ sơ có kết quả trong kỳ;"
        " hồ sơ chưa ai chấm vì vậy được tính là hài lòng."
    ),
}
"""What each indicator of Decision 766 counts, by its number."""


def _shares(rows: Sequence[Figures], title: str, counted: Mapping[str, str] | None = None) -> list[Table]:
    """Indicators: what is a share is drawn, what is counted stands in a table of its own; with what each counts.

    Their names are the services'; those of this version have English ones in `english.po`.
    """
    head = (_("Chỉ tiêu"), _("Số đạt"), _("Tổng số"), _("Tỷ lệ"))
    shares = [(_named(one), one["numerator"], one["denominator"], one["value"]) for one in rows if _is_share(one)]
    rest = [(_named(one), one["value"], look_up(_UNITS, one["unit"])) for one in rows if not _is_share(one)]
    plain = (_("Chỉ tiêu"), _("Giá trị"), _("Đơn vị"))
    notes = {_named(one): look_up(counted, one["id"]) for one in rows if counted and one["id"] in counted}
    tables = [Table(title, head, shares, 3, top=100, units=("", "", "", "%"), notes=notes)] if shares else []
    return tables + ([Table(_("Số liệu khác"), plain, rest, notes=notes)] if rest else [])


_UNITS = {"hours": said("giờ"), "minutes": said("phút"), "count": said("văn bản")}


def _named(one: Figures) -> str:
    name: str = one["name"]
    return _(name)


def _is_share(one: Figures) -> bool:
    return bool(one["unit"] == "percent")


def indicators(found: Figures) -> list[Table]:
    """Those of Decision 766."""
    return _shares(found["indicators"], _("Bộ chỉ số phục vụ người dân, doanh nghiệp"), COUNTED)


def documents(found: Figures) -> list[Table]:
    """How documents were sent and received."""
    return _shares(found["figures"], _("Gửi, nhận văn bản điện tử"))


_OF_06A = (
    ("received", said("Số tiếp nhận")), ("received_online", said("Trực tuyến")), ("received_direct", said("Trực tiếp")),
    ("carried_over", said("Kỳ trước chuyển sang")), ("solved", said("Đã giải quyết")),
    ("solved_early", said("Trước hạn")), ("solved_on_time", said("Đúng hạn")), ("solved_late", said("Quá hạn")),
    ("in_process", said("Đang giải quyết")), ("in_process_in_time", said("Trong hạn")),
    ("in_process_late", said("Đang quá hạn")),
)  # fmt: skip


def form_06a(found: Figures) -> list[Table]:
    """Form II.06a, and what was settled in time by field."""
    rows = [(one["field"], *(one[name] for name, _name in _OF_06A)) for one in found["rows"]]
    total = (_("Tổng số"), *(found["total"][name] for name, _name in _OF_06A))
    head = (_("Lĩnh vực"), *(_(name) for _key, name in _OF_06A))
    late = [
        (row["field"], percent(row["solved_early"] + row["solved_on_time"], row["solved"])) for row in found["rows"]
    ]
    return [
        Table(_("Biểu II.06a: tình hình giải quyết"), head, rows, total=total, vietnamese=True),
        Table(
            _("Giải quyết đúng hạn theo lĩnh vực"),
            (_("Lĩnh vực"), _("Đúng hạn")),
            late,
            1,
            top=100,
            units=("", "%"),
            vietnamese=True,
        ),
    ]


def mail_use(found: Figures) -> list[Table]:
    """How many have mailboxes and use them, agency by agency."""

    def row(name: str, one: Figures) -> tuple[Any, ...]:
        shares = (one["coverage"], one["regular_use"])
        return (name, *(percent(part["numerator"], part["denominator"]) for part in shares), one["mailboxes"],
                one["not_reported"])  # fmt: skip

    lowest = sorted(
        found["agencies"], key=lambda one: (one["regular_use"]["value"] is None, one["regular_use"]["value"])
    )
    head = (_("Cơ quan"), _("Có hộp thư"), _("Dùng thường xuyên"), _("Hộp thư"), _("Chưa có số đo"))
    rows = [row(words(one["name"]), one) for one in lowest]
    note = _("Dùng thường xuyên là có dùng ít nhất %(days)s ngày trong kỳ.", days=found["least_days"])
    units = ("", "%", "%")
    return [
        Table(
            _("Hộp thư công vụ, thấp nhất trước"),
            head,
            rows,
            2,
            top=100,
            units=units,
            note=note,
            vietnamese=True,
            total=row(_("Tổng số"), found["total"]),
        )
    ]
