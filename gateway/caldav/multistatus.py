"""The XML of WebDAV and CalDAV: what a request asks for, and the answer that tells of many resources (RFC 4918, 13)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lxml import etree

from gateway.caldav.events import moment
from gateway.http.refusals import BadRequest

DAV, CALDAV, SERVER = "DAV:", "urn:ietf:params:xml:ns:caldav", "http://calendarserver.org/ns/"
NAMES = {"d": DAV, "c": CALDAV, "s": SERVER}
MOST_NAMES = 100
"""More properties, or more members, than any program asks for at once."""

Element = Any
Properties = Mapping[str, "str | Sequence[Element]"]
"""What a resource says of itself: texts, or elements inside of the property."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request wants to know: of `kind`, these `names` of properties (all, when none are named).

    A query keeps to a time, and to components: `other` when to such as our calendars do not have. A multiget names the
    members.
    """

    kind: str
    names: Sequence[str] = ()
    first: datetime | None = None
    last: datetime | None = None
    members: Sequence[str] = ()
    other: bool = False


def dav(name: str) -> str:
    """A name of WebDAV's."""
    return f"{{{DAV}}}{name}"


def cal(name: str) -> str:
    """A name of CalDAV's."""
    return f"{{{CALDAV}}}{name}"


def element(name: str, /, *inner: Element, text: str = "", **attributes: str) -> Element:
    """An element with others inside."""
    made = etree.Element(name, attributes, nsmap=NAMES)
    made.text = text or None
    made.extend(inner)
    return made


def read_asked(body: bytes) -> Asked:
    """What the body of a PROPFIND or REPORT asks; an empty one asks for all properties.

    Raises:
        BadRequest: it is no XML, or asks for what cannot be told.
    """
    if not body.strip():
        return Asked("propfind")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        raise BadRequest("xml_malformed", reason=str(error)[:200]) from error
    tree: Any = root.getroottree()
    if tree.docinfo.doctype:
        raise BadRequest("xml_malformed", reason="DOCTYPE")
    prop = root.find(dav("prop"))
    names = [str(one.tag) for one in prop if isinstance(one.tag, str)] if prop is not None else []
    members = [str(one.text or "") for one in root.findall(dav("href"))]
    if len(names) > MOST_NAMES or len(members) > 10 * MOST_NAMES:
        raise BadRequest("xml_malformed", reason="too many")
    span = root.find(f".//{cal('comp-filter')}[@name='VEVENT']/{cal('time-range')}")
    times = (_time(span, "start"), _time(span, "end")) if span is not None else (None, None)
    components = {str(one.get("name", "")).upper() for one in root.iter(cal("comp-filter"))}
    other = not components <= {"VCALENDAR", "VEVENT"}
    return Asked(etree.QName(root).localname, names, *times, members, other)


def _time(span: Element, name: str) -> datetime | None:
    given = span.get(name)
    try:
        return moment(given) if given else None
    except ValueError as error:
        raise BadRequest("xml_malformed", reason=f"{name}: {given[:40]}") from error


def unknown_filter(body: bytes) -> bool:
    """Whether a query sieves by anything but components and time: what it means then is not known here."""
    root = etree.fromstring(body)
    sieve = root.find(cal("filter"))
    known = {cal("filter"), cal("comp-filter"), cal("time-range")}
    return sieve is not None and any(isinstance(one.tag, str) and one.tag not in known for one in sieve.iter())


def write_multistatus(rows: Iterable[tuple[str, Properties | None]], names: Sequence[str]) -> bytes:
    """The answer: for each address its properties, those asked for or all; None for what is not there."""
    told = [_response(href, known, names) for href, known in rows]
    written: bytes = etree.tostring(element(dav("multistatus"), *told), xml_declaration=True, encoding="utf-8")
    return written


def _response(href: str, known: Properties | None, names: Sequence[str]) -> Element:
    place = element(dav("href"), text=href)
    if known is None:
        return element(dav("response"), place, element(dav("status"), text="HTTP/1.1 404 Not Found"))
    heavy = (cal("calendar-data"),)
    wanted = names or [name for name in known if name not in heavy]
    there = [_property(name, known[name]) for name in wanted if name in known]
    missing = [element(name) for name in wanted if name not in known]
    parts = [(there, "200 OK")] if there or not missing else []
    parts += [(missing, "404 Not Found")] if missing else []
    return element(dav("response"), place, *(_propstat(props, status) for props, status in parts))


def _property(name: str, value: "str | Sequence[Element]") -> Element:
    return element(name, text=value) if isinstance(value, str) else element(name, *value)


def _propstat(properties: Sequence[Element], status: str) -> Element:
    return element(
        dav("propstat"),
        element(dav("prop"), *properties),
        element(dav("status"), text=f"HTTP/1.1 {status}"),
    )


def write_error(condition: str) -> bytes:
    """A refusal that names the condition that was not met (RFC 4918, 16)."""
    written: bytes = etree.tostring(element(dav("error"), element(condition)), xml_declaration=True, encoding="utf-8")
    return written
