"""The figures of a network's meetings in a period, for those who see all of them."""

from collections.abc import Mapping
from typing import Any

from werkzeug.wrappers import Response

from gateway.auth.access import page_for
from gateway.downloads import send_stored
from gateway.portal.calls import look
from gateway.portal.charts import Table, percent
from gateway.portal.conference_places import READ, chosen_network, networks
from gateway.portal.conference_words import told
from gateway.portal.language import gettext as _
from gateway.portal.language import words
from gateway.portal.pages import Routes
from gateway.portal.reports import Choice, Link, Sheet, send_table, show_report

PLACE = "/hop/so-lieu"
Figures = Mapping[str, Any]


@page_for(READ)
def show_conference_figures() -> Response:
    """All figures as tables and pictures."""
    network, choice = chosen_network(networks()), Choice.of_request()
    return show_report(_sheet(network, choice), choice, lambda: _read(network["key"], choice))


@page_for(READ)
def take_conference_figures(form: str) -> Response:
    """The same as a file for spreadsheets."""
    network, choice = chosen_network(networks()), Choice.of_request()
    name = f"so-lieu-hop-{network['key']}"
    return send_table(form, name, _sheet(network, choice), choice, lambda: _read(network["key"], choice))


@page_for(READ)
def print_conference_figures() -> Response:
    """The report of a period as PDF."""
    network, choice = chosen_network(networks()), Choice.of_request()
    return send_stored(look("print_conference_report", choice.asked, network=network["key"]))


def _sheet(network: Mapping[str, Any], choice: Choice) -> Sheet:
    year = choice.last[:4]
    whole = Choice(f"{year}-01-01", f"{year}-12-31")
    kept = {"mang": network["key"]}
    return Sheet(
        PLACE,
        _("Số liệu họp trực tuyến"),
        words(network["name"]),
        kept,
        links=[
            Link(_("Báo cáo của kỳ này (PDF)"), f"{PLACE}/in?{choice.address(**kept)}"),
            Link(_("Báo cáo cả năm %(year)s (PDF)", year=year), f"{PLACE}/in?{whole.address(**kept)}"),
        ],
        back=Link(_("Họp trực tuyến"), f"/hop?mang={network['key']}"),
    )


def _read(network: str, choice: Choice) -> tuple[str, list[Table]]:
    found = look("read_conference_figures", choice.asked, network=network)
    return found["counted_at"], [_shares(found), *_held(found), _lead(found), _incidents(found), _lost(found)]


def _shares(found: Figures) -> Table:
    lead, connected, calm = found["lead"], found["connected"], found["without_severe"]
    asked = lead["on_time"] + lead["urgent"]
    pairs = (
        (_("Điểm cầu kết nối trước giờ họp 30 phút"), connected["connected"], connected["invited"]),
        (_("Cuộc họp không có sự cố mức 1, 2"), calm["without"], calm["meetings"]),
        (_("Cuộc họp đăng ký đúng thời hạn"), asked, asked + lead["late"]),
        (_("Cổng MCU dùng lúc cao nhất"), found["peak_ports"], found["usable_ports"]),
    )
    return Table(
        _("Chất lượng phục vụ"),
        (_("Chỉ tiêu"), _("Số đạt"), _("Tổng số"), _("Tỷ lệ")),
        [(name, part, whole, percent(part, whole)) for name, part, whole in pairs],
        drawn=3,
        top=100,
        units=("", "", "", "%"),
    )


def _held(found: Figures) -> list[Table]:
    counted = (_("Cuộc họp"), _("Buổi họp"), _("Giờ điểm cầu"))
    names = ("meetings", "sessions", "endpoint_hours")
    ranks = [(words(one["name"]), *(one[name] for name in names)) for one in found["ranks"]]
    months = [(_month(one["month"]), *(one[name] for name in names)) for one in found["months"]]
    total = (_("Tổng số"), *(found[name] for name in names))
    return [
        Table(_("Theo mức ưu tiên"), (_("Mức ưu tiên"), *counted), ranks, drawn=1, total=total),
        Table(_("Buổi họp theo tháng"), (_("Tháng"), *counted), months, drawn=2, line=True, total=total),
    ]


def _month(month: str) -> str:
    return f"{month[5:]}/{month[:4]}"


def _lead(found: Figures) -> Table:
    lead = found["lead"]
    rows = [
        (_("Đúng thời hạn"), lead["on_time"]),
        (_("Họp gấp, đúng thời hạn họp gấp"), lead["urgent"]),
        (_("Muộn hơn thời hạn"), lead["late"]),
    ]
    return Table(_("Thời hạn đăng ký"), (_("Đăng ký"), _("Cuộc họp")), rows, drawn=1)


def _incidents(found: Figures) -> Table:
    names = ("incidents", "restored", "mean_minutes", "longest_minutes")
    return Table(
        _("Thời gian khôi phục sau sự cố"),
        (_("Mức độ"), _("Sự cố"), _("Đã khôi phục"), _("Trung bình"), _("Lâu nhất")),
        [
            (told("severity", one["severity"]), *(one[name] for name in names))
            for one in found["incidents"]
        ],
        drawn=3,
        units=("", "", "", _(" phút"), _(" phút")),
    )  # fmt: skip


def _lost(found: Figures) -> Table:
    rows = [(_("Bị hủy"), found["cancelled"]), (_("Nhường cuộc họp ưu tiên hơn"), found["preempted"])]
    return Table(_("Buổi họp không diễn ra"), (_("Lý do"), _("Buổi họp")), rows)


ROUTES: Routes = (
    ("GET", PLACE, show_conference_figures),
    ("GET", f"{PLACE}/<name:form>", take_conference_figures),
    ("GET", f"{PLACE}/in", print_conference_figures),
)
