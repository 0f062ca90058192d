"""Meetings at every stage, a line that was measured and a failure that was told, for pages to show."""

from collections.abc import Mapping
from contextlib import ExitStack
from datetime import datetime, timedelta
from typing import Any

from local.demo.caller import Caller
from local.demo.conference import ITEMS, MEETING, REHEARSAL
from shared.working_time import VIETNAM
from tests.support.line_samples import sample
from tests.support.stack import secret_of

CONVENER, APPROVER, TECHNICIAN = "clerk-hac-thanh", "head-van-phong-thanh-hoa", "technician-thanh-hoa"
PROBE = "probe-th-05"
PLACE = "/conferences/meetings"


def make_meetings(base_url: str) -> dict[str, str]:
    """Their ids by what they are."""
    with ExitStack() as stack:
        people = {
            login: stack.enter_context(Caller(base_url, login, secret_of(login)))
            for login in (CONVENER, APPROVER, TECHNICIAN, PROBE)
        }
        return _made(people)


def _made(people: Mapping[str, Caller]) -> dict[str, str]:
    convener, approver, technician = people[CONVENER], people[APPROVER], people[TECHNICIAN]
    now = datetime.now(VIETNAM)
    ahead = (now + timedelta(days=9)).replace(hour=8, minute=0)
    asked = convener.post(PLACE, wish("th-21", "th-22", ahead))
    convener.post(PLACE, wish("th-21", "th-22", ahead.replace(hour=14)))
    planned = approve(approver, convener.post(PLACE, wish("th-23", "th-24", ahead)))
    prepare(convener, technician, planned["id"], ("th-23", "th-24"))
    waiting = approve(approver, convener.post(PLACE, wish("th-19", "th-20", ahead)))
    other = {"starts": f"{ahead:%Y-%m-%dT14:00}", "reason": "Trùng họp Tỉnh ủy"}
    convener.post(f"{PLACE}/{waiting['id']}/changes", other, version=waiting["version"])
    soon = now + timedelta(minutes=10)
    urgent = {"urgent": True, "urgent_reason": "Họp ngay về bão số 13"}
    begins = soon.replace(minute=soon.minute // 5 * 5)
    live = approve(approver, approver.post(PLACE, wish("th-25", "th-26", begins, urgent=urgent)))
    release(approver, live["id"], "th-25")
    now_live = technician.get(f"{PLACE}/{live['id']}")
    there = {"technician": True, "connected": True}
    technician.post(f"{PLACE}/{live['id']}/sessions/1/endpoints/th-25/readiness", there)
    technician.post(f"{PLACE}/{live['id']}/sessions/1/start", {}, version=now_live["version"])
    technician.post(f"{PLACE}/{live['id']}/sessions/1/pointer", {"action": "start"}, version=0)
    told = {"network": "thanh-hoa", "endpoint": "th-25", "symptom": "no_video", "what": "Mất hình, vẫn còn tiếng"}
    incident = technician.post("/conferences/incidents", told)
    samples = [sample(number, at=now - timedelta(seconds=10 * (20 - number))) for number in range(1, 20)]
    people[PROBE].post("/conferences/endpoints/th-05/measurements", {"source": "5f2c8b1e9a7d4036", "samples": samples})
    screen = approver.post("/conferences/feeds", {"network": "thanh-hoa", "endpoint": "th-25", "detail": "screen"})[
        "screen"
    ]
    return {
        "screen": screen,
        "meeting_asked": asked["id"],
        "meeting": planned["id"],
        "meeting_waiting": waiting["id"],
        "taken_day": str(ahead.day),
        "taken_month": str(ahead.month),
        "taken_year": str(ahead.year),
        "meeting_live": live["id"],
        "incident": incident["id"],
    }


def wish(chair: str, other: str, starts: datetime, urgent: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """A meeting of two endpoints, as people ask for one."""
    small = {name: MEETING[name] for name in ("network", "title", "contact", "minutes")}
    return {**small, "chair": chair, "endpoints": [other], "starts": f"{starts:%Y-%m-%dT%H:%M}", **(urgent or {})}


def approve(approver: Caller, asked: Mapping[str, Any]) -> dict[str, Any]:
    """The meeting when it is approved."""
    approver.post(f"{PLACE}/{asked['id']}/approval", {}, version=asked["version"])
    found: dict[str, Any] = approver.get(f"{PLACE}/{asked['id']}")
    return found


def release(convener: Caller, meeting: str, chair: str) -> None:
    """Write a run-of-show and release it."""
    items = [{**item, **({"on_screen": chair} if item.get("on_screen") else {})} for item in ITEMS]
    written = convener.post(f"{PLACE}/{meeting}/script", {"items": items}, version=0)
    convener.post(f"{PLACE}/{meeting}/script/releases", {}, version=written["version"])


def prepare(convener: Caller, technician: Caller, meeting: str, endpoints: tuple[str, ...]) -> None:
    """Write the run-of-show and try every endpoint."""
    release(convener, meeting, endpoints[0])
    session = f"{PLACE}/{meeting}/sessions/1"
    for endpoint in endpoints:
        technician.post(f"{session}/endpoints/{endpoint}/rehearsal", REHEARSAL)
    technician.post(f"{session}/rehearsal", {"verdict": "passed"})
