"""Judges calendar messages by libical (Debian's gir1.2-ical-3.0), which knows RFC 5545 and the restrictions of iTIP."""

import json
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

SYSTEM_PYTHON = "/usr/bin/python3"
MISSING = "libical is missing; install it: sudo apt-get install --no-install-recommends -y gir1.2-ical-3.0 python3-gi"

_JUDGE = """
import json
import sys
try:
    import gi
    gi.require_version("ICalGLib", "3.0")
    from gi.repository import ICalGLib
except (ImportError, ValueError):
    sys.exit(3)
kind = ICalGLib.ComponentKind.VEVENT_COMPONENT
first, last = (ICalGLib.Time.new_from_string(moment) for moment in ("20000101T000000Z", "21000101T000000Z"))


def keep_in(spans):
    return lambda event, span, _: spans.append((span.get_start(), span.get_end()))


def judged(text):
    try:
        calendar = ICalGLib.Component.new_from_string(text)
    except TypeError:
        return ["cannot be read"], []
    calendar.check_restrictions()
    lines = calendar.as_ical_string().replace("\\r\\n ", "").splitlines()
    complaints = [line for line in lines if "X-LIC-ERROR" in line]
    spans = []
    event = calendar.get_first_component(kind)
    while event is not None:
        if event.get_dtend().compare(event.get_dtstart()) <= 0:
            complaints.append("ends before it begins")
        event.foreach_recurrence(first, last, keep_in(spans), None)
        event = calendar.get_next_component(kind)
    return complaints, spans


json.dump([judged(text) for text in json.load(sys.stdin)], sys.stdout)
"""
"""Spoken by the system's Python, the only one that knows libical."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is wrong with a message, and when its events take place as libical reads rule, exceptions and VTIMEZONE."""

    complaints: list[str]
    spans: list[tuple[datetime, datetime]]


def judge(texts: Sequence[str]) -> list[Judgement]:
    """Judge messages, all in one go."""
    asked = subprocess.run(
        [SYSTEM_PYTHON, "-c", _JUDGE], input=json.dumps(texts).encode(), capture_output=True, check=False, timeout=120
    )
    assert asked.returncode != 3, MISSING
    assert asked.returncode == 0, asked.stderr.decode()
    return [
        Judgement([*wrong, *_own_complaints(text)], [(_moment(start), _moment(end)) for start, end in spans])
        for text, (wrong, spans) in zip(texts, json.loads(asked.stdout), strict=True)
    ]


def complaints(text: str) -> list[str]:
    """What libical says against a message, and what it does not look at: time zones, lengths of lines."""
    return judge([text])[0].complaints


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _own_complaints(text: str) -> list[str]:
    lines = text.split("\r\n")
    found = [f"longer than 75 octets: {line}" for line in lines if len(line.encode()) > 75]
    found += [f"a bare line break: {line!r}" for line in lines if "\n" in line]
    unfolded = text.replace("\r\n ", "").split("\r\n")
    described = {line.partition(":")[2] for line in unfolded if line.startswith("TZID:")}
    named = {
        part.partition("=")[2]
        for line in unfolded
        for part in line.partition(":")[0].split(";")
        if part.startswith("TZID=")
    }
    return found + [f"no VTIMEZONE for {zone}" for zone in sorted(named - described)]
