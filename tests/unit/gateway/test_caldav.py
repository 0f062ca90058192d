"""CalDAV as programs speak it: what they find, what they ask for, what they may not."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar
from lxml import etree

from gateway.caldav.events import take_apart
from gateway.caldav.multistatus import cal, dav
from services.conference_booking.adapters.calendars import ICalendar
from services.conference_booking.domain.appointments import Booked
from services.conference_booking.domain.spans import Span
from shared.errors import NotFound
from tests.support.calendar_judge import judge
from tests.support.gateway import GatewayInHand

PLACE = "/caldav/0f8fad5bd9cb469fa16570867728950e.Jx2mV8c0QeW1rT5yU9oPaA/"
CALENDAR = f"{PLACE}lich/"
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


def booked(number: int, day: int, title: str = "", *, one_of_many: bool = False) -> Booked:
    start = datetime(2026, 12, day, 8, tzinfo=ZONE)
    return Booked(
        known_by=start if one_of_many else None,
        uid=f"{number}@truc-chung",
        sequence=0,
        stamp=start,
        span=Span(start, start.replace(hour=10)),
        title=title or f"Giao ban, lần {number}; các xã, phường của tỉnh Thanh Hóa và các sở, ban, ngành có liên quan",
        text="Có trình chiếu\nTài liệu gửi trước",
        place="Điểm cầu phường Hạc Thành",
        tentative=False,
    )


TEXT = ICalendar().write_calendar("Điểm cầu Hạc Thành, tầng 2", [booked(1, 7), booked(2, 14)])


@pytest.fixture
def server(gateway: GatewayInHand) -> GatewayInHand:
    gateway.bus.answers["read_calendar"] = {"text": TEXT}
    return gateway


def ask(
    server: GatewayInHand, method: str, path: str, body: str = "", depth: str = "0", status: int = 207
) -> etree._Element:
    answer = server.client.open(path, method=method, data=body.encode(), headers={"Depth": depth})
    assert answer.status_code == status, answer.text
    return etree.fromstring(answer.data)


def texts(answer: etree._Element, name: str) -> list[str]:
    return [found.text or "" for found in answer.iter(name)]


def query(inner: str, component: str = "VEVENT") -> str:
    return f"""<c:calendar-query xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav">
      <d:prop><d:getetag/><c:calendar-data/></d:prop>
      <c:filter><c:comp-filter name="VCALENDAR"><c:comp-filter name="{component}">{inner}</c:comp-filter>
      </c:comp-filter></c:filter>
    </c:calendar-query>"""


def test_each_event_stands_for_itself_and_is_what_was_booked() -> None:
    collection = take_apart(TEXT)
    assert collection.title == "Điểm cầu Hạc Thành, tầng 2"
    events = list(collection.events.values())
    assert len({event.tag for event in events}) == len({event.name for event in events}) == 2
    for day, verdict in zip((7, 14), judge([event.text for event in events]), strict=True):
        start = datetime(2026, 12, day, 8, tzinfo=ZONE)
        assert verdict.complaints == []
        assert verdict.spans == [(start, start.replace(hour=10))]
    assert take_apart(ICalendar().write_calendar("Trống", [])).events == {}


@pytest.mark.parametrize(
    "title",
    [
        "END:VEVENT",
        "BEGIN:VEVENT",
        "X-WR-CALNAME:khác",
        "Họp\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:1@truc-chung",
        "Họp\nEND:VEVENT\nEND:VCALENDAR",
        "Họp\x0bEND:VEVENT\x85BEGIN:VEVENT\u2028BEGIN:VEVENT\u2029UID:x",
        "x" * 66 + "END:VEVENT" + "x" * 55 + "END:VEVENT" + "x" * 63 + "BEGIN:VEVENT",
        "🗓️👨‍👩‍👧‍👦" * 30 + "END:VEVENT",
        "\\nEND:VEVENT\\",
    ],
)
def test_no_words_cut_a_calendar_where_it_should_not_be(title: str) -> None:
    text = ICalendar().write_calendar(title, [booked(1, 7, title), booked(2, 14), booked(3, 21, title)])
    events = list(take_apart(text).events.values())
    written = "".join(character for character in title if character == "\n" or character >= " ")
    assert take_apart(text).title == " ".join(written.split())
    assert [verdict.complaints for verdict in judge([event.text for event in events])] == [[], [], []]
    for event, day in zip(events, (7, 14, 21), strict=True):
        [found] = Calendar.from_ical(event.text).walk("VEVENT")
        assert found["DTSTART"].dt == datetime(2026, 12, day, 8, tzinfo=ZONE)
        assert str(found["SUMMARY"]) == written or day == 14
        assert event.text.count("\r\nBEGIN:VCALENDAR") == 0
        assert "X-WR" not in event.text.partition("BEGIN:VEVENT")[0]


def test_the_sessions_of_a_series_are_one_resource(server: GatewayInHand) -> None:
    series = [booked(1, day, one_of_many=True) for day in (7, 14, 21)]
    server.bus.answers["read_calendar"] = {"text": ICalendar().write_calendar("Tuần", [*series, booked(2, 8)])}
    hrefs = [one for one in texts(ask(server, "PROPFIND", CALENDAR, depth="1"), dav("href")) if one.endswith(".ics")]
    assert len(hrefs) == 2
    span = '<c:time-range start="20261214T000000Z" end="20261215T000000Z"/>'
    (found,) = texts(ask(server, "REPORT", CALENDAR, query(span)), cal("calendar-data"))
    events = Calendar.from_ical(found).walk("VEVENT")
    assert [one["RECURRENCE-ID"].dt for one in events] == [one["DTSTART"].dt for one in events]
    assert len(events) == 3


def test_who_asks_for_tasks_finds_none(server: GatewayInHand) -> None:
    for component in ("VTODO", "VJOURNAL", "vtodo"):
        answer = ask(server, "REPORT", CALENDAR, query("", component))
        assert texts(answer, dav("href")) == []
    alarms = query('<c:comp-filter name="VALARM"/>')
    assert texts(ask(server, "REPORT", CALENDAR, alarms), dav("href")) == []
    assert len(texts(ask(server, "REPORT", CALENDAR, query("", "vevent")), dav("href"))) == 2


def test_a_program_that_knows_the_account_finds_the_calendar(server: GatewayInHand) -> None:
    body = """<d:propfind xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"><d:prop>
      <d:current-user-principal/><c:calendar-home-set/><d:quota-used-bytes/></d:prop></d:propfind>"""
    answer = ask(server, "PROPFIND", PLACE, body)
    assert texts(answer, dav("href")) == [PLACE] * 3
    assert texts(answer, dav("status")) == ["HTTP/1.1 200 OK", "HTTP/1.1 404 Not Found"]
    below = ask(server, "PROPFIND", PLACE, depth="1")
    assert CALENDAR in texts(below, dav("href"))
    assert len(list(below.iter(cal("calendar")))) == 1
    options = server.client.options(CALENDAR)
    assert "calendar-access" in options.headers["DAV"]
    assert "PUT" not in options.headers["Allow"]


def test_events_are_listed_with_their_tags_and_read(server: GatewayInHand) -> None:
    listed = ask(server, "PROPFIND", CALENDAR, depth="1")
    hrefs = [href for href in texts(listed, dav("href")) if href.endswith(".ics")]
    assert len(hrefs) == 2
    assert not list(listed.iter(cal("calendar-data")))
    read = server.client.get(hrefs[0])
    assert read.mimetype == "text/calendar"
    assert read.headers["ETag"] in texts(listed, dav("getetag"))
    assert server.client.get(hrefs[0], headers={"If-None-Match": read.headers["ETag"]}).status_code == 304
    assert server.client.get(f"{CALENDAR}other.ics").status_code == 404


def test_a_query_keeps_to_its_time(server: GatewayInHand) -> None:
    span = '<c:time-range start="20261214T000000Z" end="20261215T000000Z"/>'
    (found,) = texts(ask(server, "REPORT", CALENDAR, query(span)), cal("calendar-data"))
    assert "DTSTART:20261214T010000Z" in found
    assert len(texts(ask(server, "REPORT", CALENDAR, query("")), cal("calendar-data"))) == 2
    touches = '<c:time-range start="20261207T030000Z" end="20261214T010000Z"/>'
    assert texts(ask(server, "REPORT", CALENDAR, query(touches)), cal("calendar-data")) == []


def test_members_are_read_by_their_names(server: GatewayInHand) -> None:
    name = next(iter(take_apart(TEXT).events))
    hrefs = f"<d:href>{CALENDAR}{name}</d:href><d:href>{CALENDAR}gone.ics</d:href>"
    body = f"""<c:calendar-multiget xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav">
      <d:prop><c:calendar-data/></d:prop>{hrefs}</c:calendar-multiget>"""
    answer = ask(server, "REPORT", CALENDAR, body)
    assert len(texts(answer, cal("calendar-data"))) == 1
    assert texts(answer, dav("status")) == ["HTTP/1.1 200 OK", "HTTP/1.1 404 Not Found"]


def test_a_changed_event_changes_its_tag_and_the_calendars(server: GatewayInHand) -> None:
    before, after = take_apart(TEXT), take_apart(TEXT.replace("T010000Z", "T011500Z", 1))
    assert before.tag != after.tag
    changed = [name for name, event in before.events.items() if after.events[name].tag != event.tag]
    assert len(changed) == 1


@pytest.mark.parametrize(
    ("method", "body", "status"),
    [
        ("PROPFIND", "<a", 400),
        ("PROPFIND", '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>', 400),
        ("REPORT", query('<c:time-range start="soon"/>'), 400),
        ("REPORT", query('<c:prop-filter name="SUMMARY"/>'), 403),
        ("REPORT", '<d:sync-collection xmlns:d="DAV:"/>', 403),
        ("PUT", "BEGIN:VCALENDAR", 405),
        ("DELETE", "", 405),
        ("MKCALENDAR", "", 405),
    ],
)
def test_what_cannot_be_is_refused(server: GatewayInHand, method: str, body: str, status: int) -> None:
    assert server.client.open(CALENDAR, method=method, data=body.encode()).status_code == status


def test_an_address_that_was_closed_leads_nowhere(server: GatewayInHand) -> None:
    server.bus.answers["read_calendar"] = NotFound("feed_unknown")
    for path in (PLACE, CALENDAR, f"{CALENDAR}x.ics"):
        assert server.client.open(path, method="PROPFIND").status_code == 404
