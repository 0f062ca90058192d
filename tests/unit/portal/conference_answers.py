"""What the service of conferences answers in tests of pages."""

from typing import Any

from tests.support.gateway import GatewayInHand

ID = "0f8fad5bd9cb469fa16570867728950e"
NETWORK = {
    "key": "thanh-hoa",
    "name": {"vi": "Mạng Thanh Hóa", "en": "Network of Thanh Hoa"},
    "province": "H56",
    "opens": "06:30",
    "closes": "21:00",
    "sees_all": False,
    "ranks": [{"key": "department", "name": {"vi": "Họp của sở", "en": "Department"}, "preempts": False}],
}
OTHER = NETWORK | {"key": "can-tho", "province": "H13"}
PLACES = {"th-05": "Điểm cầu phường Hạc Thành", "th-06": "Điểm cầu phường Sầm Sơn"}
ENDPOINTS = [
    {
        "key": key,
        "name": {"vi": name, "en": name},
        "network": "thanh-hoa",
        "agency": agency,
        "contact": {"name": "Lê Văn Kỹ", "phone": "02373000005"},
    }
    for (key, name), agency in zip(PLACES.items(), ("H56.30.01", "H56.31.01"), strict=True)
]
BUSY = {
    "held_from": "2026-12-07T00:00:00Z",
    "held_until": "2026-12-07T03:15:00Z",
    "held_by": "meeting",
    "session": 1,
    "meeting": ID,
    "title": "Giao ban tháng 12",
    "state": "approved",
    "convener": "H56.30.01",
    "convener_name": {"vi": "UBND phường Hạc Thành", "en": "Hac Thanh"},
}
HIDDEN = BUSY | {
    "meeting": None,
    "title": None,
    "held_from": "2026-12-07T07:00:00Z",
    "held_until": "2026-12-07T07:30:00Z",
}
SESSION = {
    "number": 1,
    "start": "2026-12-07T01:00:00Z",
    "end": "2026-12-07T03:00:00Z",
    "held_from": BUSY["held_from"],
    "held_until": BUSY["held_until"],
    "state": "live",
}
MEETING: dict[str, Any] = {
    "id": ID,
    "network": "thanh-hoa",
    "title": "Giao ban tháng 12",
    "rank": "department",
    "state": "submitted",
    "convener_name": BUSY["convener_name"],
    "chair": "th-05",
    "endpoints": ["th-06"],
    "standby": [],
    "on_backup": [],
    "next_session": SESSION,
    "sessions": 1,
    "all_sessions": [SESSION],
    "at_risk": True,
    "risks": [{"kind": "endpoint", "endpoint": "th-06", "sessions": [1], "reason": "Mất điện"}],
    "letters": [],
    "contact": {"name": "Lê Thị Nga", "phone": "02373000005"},
    "resolution": "720p",
    "recording": True,
    "ports": 4,
    "note": "",
    "urgent_reason": "",
    "decision": None,
    "hold_until": None,
    "starts": "2026-12-07T08:00",
    "minutes": 120,
    "actions": [
        "approve_meeting",
        "start_session",
        "end_session",
        "extend_session",
        "move_pointer",
        "report_readiness",
    ],
    "version": 3,
}
ITEM = {"number": 1, "offset": 0, "minutes": 20, "what": "Báo cáo", "speaker": "", "on_screen": "th-05",
        "layout": "lecture", "audio": "all", "open": [], "content": "", "note": ""}  # fmt: skip
BOARD = {
    "connected": 1,
    "endpoints": [
        {
            "endpoint": "th-06",
            "checks": {
                "technician": "2026-12-07T00:30:00Z",
                "connected": None,
                "picture": None,
                "sound": None,
                "content": None,
            },
            "marks": [{"before": 30, "state": "missing"}],
            "rehearsal": None,
            "may_report": True,
        },
        {
            "endpoint": "th-05",
            "checks": dict.fromkeys(("technician", "connected", "picture", "sound", "content")),
            "marks": [],
            "rehearsal": None,
            "may_report": False,
        },
    ],
    "marks": [],
    "result": None,
    "version": 1,
}
LINE = {
    "endpoint": "th-06", "line": "primary", "samples": 10, "green": 5, "amber": 3, "red": 2,
    "loss_percent": {"p50": 0.0, "p95": 8.0, "max": 9.0}, "rtt_ms": {"p50": 1.0, "p95": 25.0, "max": 30.0},
}  # fmt: skip
INCIDENT = {
    "id": "9d3b1f0c5a7e4c2f8b6d0e1a2c3b4d5e", "network": "thanh-hoa", "endpoint": "th-06", "symptom": "no_video",
    "severity": 2, "state": "open", "what": "Mất hình", "origin": "person", "began_at": "2026-12-07T01:00:00Z",
    "opened_at": "2026-12-07T01:01:00Z", "impact_minutes": 0, "actions": ["close_incident"], "version": 5,
}  # fmt: skip
CLASH = {
    "session": 1, "kind": "endpoint", "endpoints": ["th-06"], "technicians": [], "lines": [],
    **{name: HIDDEN[name] for name in ("held_from", "held_until", "held_by", "meeting", "title", "convener_name")},
    "wanted": None, "left": None,
}  # fmt: skip
FEED = {
    "id": ID, "network": "thanh-hoa", "endpoint": "th-05", "agency": "H56.30.01", "detail": "screen",
    "opened_by": "clerk-hac-thanh", "opened_at": "2026-12-01T01:00:00Z", "version": 1,
}  # fmt: skip
SCREEN = {
    "endpoint": "th-05",
    "name": ENDPOINTS[0]["name"],
    "at": "2026-12-07T02:00:00Z",
    "held": [{name: one[name] for name in ("held_from", "held_until", "held_by", "title", "convener_name")}
             for one in (BUSY, HIDDEN)],
    "current": {"number": 2, "what": "Báo cáo kết quả", "speaker": "Ông Bình"},
    "next": {"number": 3, "what": "Thảo luận", "speaker": ""},
    "phone": "02373000005",
}  # fmt: skip
SOON = "2026-12-01T01:00:00+00:00"
TAKEN = {"clashes": [CLASH], "alternatives": [{"starts": "2026-12-07T15:00", "minutes_moved": 60}]}


def everything() -> dict[str, Any]:
    """What the service answers about the meetings of a network."""

    def many(*items: Any) -> dict[str, Any]:
        return {"items": list(items), "next": None}

    answers = {
        "list_networks": many(OTHER, NETWORK),
        "list_endpoints": many(*ENDPOINTS),
        "list_meetings": many(MEETING),
        "read_network_day": {
            "endpoints": [
                {"endpoint": "th-05", "name": ENDPOINTS[0]["name"], "state": "ready", "busy": [BUSY, HIDDEN]},
                {"endpoint": "th-06", "name": ENDPOINTS[1]["name"], "state": "down", "busy": []},
            ]
        },
        "read_meeting": MEETING,
        "read_invitations": {"guests": [], "without_mailbox": ["th-06"]},
        "read_readiness": BOARD,
        "read_pointer": {"state": "running", "current": ITEM, "next": None, "late_seconds": 130, "version": 9},
        "read_script": {"items": [ITEM], "releases": [{"number": 1}], "minutes_over": 0},
        "read_session_lines": {"lines": [LINE]},
        "read_incident": INCIDENT,
        "read_endpoint": ENDPOINTS[0] | {"network": "thanh-hoa"},
        "list_lines": many(),
        "list_feeds": many(FEED, FEED | {"endpoint": "th-06"}, FEED | {"detail": "full"}),
        "open_feed": {"id": ID, "version": 1, "screen": f"/phong/{ID}.Jx2mV8c0QeW1rT5yU9oPaA"},
        "close_feed": {"id": ID, "version": 2, "screen": None},
        "read_screen": SCREEN,
    }
    done = {"id": ID, "version": 4}
    commands = (
        "approve_meeting",
        "request_meeting",
        "close_incident",
        "end_session",
        "extend_session",
        "move_pointer",
        "report_readiness",
    )
    return answers | dict.fromkeys(commands, done)


def asked(gateway: GatewayInHand, method: str) -> dict[str, Any]:
    """What was asked of the service last."""
    return next(one.request for one in reversed(gateway.bus.asked) if one.method == method)
