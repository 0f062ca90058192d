"""Judges calendar messages by libical (Debian's gir1.2-ical-3.0), which knows RFC 5545 and the restrictions of iTIP."""

import subprocess

SYSTEM_PYTHON = "/usr/bin/python3"
MISSING = "libical is missing; install it: sudo apt-get install --no-install-recommends -y gir1.2-ical-3.0 python3-gi"

_JUDGE = """
import sys
try:
    import gi
    gi.require_version("ICalGLib", "3.0")
    from gi.repository import ICalGLib
except (ImportError, ValueError):
    sys.exit(3)
try:
    calendar = ICalGLib.Component.new_from_string(sys.stdin.buffer.read().decode())
except TypeError:
    sys.exit("cannot be read")
calendar.check_restrictions()
complaints = [line for line in calendar.as_ical_string().replace("\\r\\n ", "").splitlines() if "X-LIC-ERROR" in line]
event = calendar.get_first_component(ICalGLib.ComponentKind.VEVENT_COMPONENT)
while event is not None:
    if event.get_dtend().compare(event.get_dtstart()) <= 0:
        complaints.append("ends before it begins")
    event = calendar.get_next_component(ICalGLib.ComponentKind.VEVENT_COMPONENT)
sys.exit("\\n".join(complaints) or 0)
"""
"""Spoken by the system's Python, the only one that knows libical; says on the standard error what is wrong."""


def complaints(text: str) -> list[str]:
    """What libical says against a message, and what it does not look at: time zones, lengths of lines."""
    asked = subprocess.run(
        [SYSTEM_PYTHON, "-c", _JUDGE], input=text.encode(), capture_output=True, check=False, timeout=60
    )
    assert asked.returncode != 3, MISSING
    return [*asked.stderr.decode().splitlines(), *_own_complaints(text)]


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
