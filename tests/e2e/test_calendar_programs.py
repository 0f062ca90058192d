"""A calendar program of others (Debian's python3-caldav) finds and reads what was booked, given one secret address."""

import json
import subprocess
import uuid
from datetime import datetime, timedelta

from local.demo.caller import Caller
from local.demo.conference import MEETING
from shared.working_time import VIETNAM
from tests.support.calendar_judge import SYSTEM_PYTHON
from tests.support.stack import Stack, secret_of

CONVENER = "clerk-hac-thanh"
PLACE = "/conferences"
MISSING = "a CalDAV client is missing; install it: sudo apt-get install --no-install-recommends -y python3-caldav"
_PROGRAM = """
import json
import sys
from datetime import datetime
try:
    import caldav
except ImportError:
    sys.exit(3)
address, first, last = json.load(sys.stdin)
client = caldav.DAVClient(url=address)
(calendar,) = client.principal().calendars()
day = calendar.date_search(datetime.fromisoformat(first), datetime.fromisoformat(last))
refused = False
try:
    calendar.save_event(dtstart=datetime.fromisoformat(first), dtend=datetime.fromisoformat(last), summary="x")
except caldav.lib.error.DAVError:
    refused = True
texts = lambda events: [event.data for event in events]
json.dump({"all": texts(calendar.events()), "day": texts(day), "refused": refused}, sys.stdout)
"""
"""Spoken by the system's Python, for which Debian packages the client."""


def read(address: str, first: datetime, last: datetime) -> dict[str, list[str]]:
    """What the program finds at an address: all events, and those of a time."""
    given = json.dumps([address, first.isoformat(), last.isoformat()])
    command = [SYSTEM_PYTHON, "-c", _PROGRAM]
    done = subprocess.run(command, input=given, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode != 3, MISSING
    assert done.returncode == 0, done.stderr
    found: dict[str, list[str]] = json.loads(done.stdout)
    return found


def test_a_program_reads_the_calendar_of_an_endpoint_and_cannot_write(own_platform: Stack) -> None:
    title = f"Giao ban {uuid.uuid4().hex[:6]}"
    first = datetime.now(VIETNAM).replace(hour=8, minute=0, second=0, microsecond=0) + timedelta(days=11)
    wish = {name: MEETING[name] for name in ("network", "contact", "minutes")} | {
        "chair": "th-05",
        "endpoints": ["th-12"],
    }
    with Caller(own_platform.base_url, CONVENER, secret_of(CONVENER)) as convener:
        for days in (0, 1):
            starts = f"{first + timedelta(days=days):%Y-%m-%dT%H:%M}"
            convener.post(f"{PLACE}/meetings", {**wish, "title": f"{title} {days}", "starts": starts})
        feed = convener.post(f"{PLACE}/feeds", {"network": "thanh-hoa", "endpoint": "th-05"})
        address = f"{own_platform.base_url}{feed['caldav']}"
        found = read(address, first, first + timedelta(hours=1))
        assert len(found["all"]) == 2
        (event,) = found["day"]
        assert f"SUMMARY:{title} 0" in event
        assert found["refused"]
        convener.post(f"{PLACE}/feeds/{feed['id']}/closing", {})
        with own_platform.client() as anybody:
            assert anybody.request("PROPFIND", feed["caldav"]).status_code == 404
