"""What probes report of the lines of endpoints, how good these are then, and how good they were during a session."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from services.conference_booking.domain.access import check_reads
from services.conference_booking.domain.alarms import heard_since, judge_silence
from services.conference_booking.domain.decisions import Document
from services.conference_booking.domain.finding import settle
from services.conference_booking.domain.measured import sessions_measured
from services.conference_booking.domain.quality import (
    Band,
    Figures,
    Rules,
    Standing,
    band_of,
    bands_after,
    even_band,
    is_slow,
    loss_of,
)
from services.conference_booking.domain.sessions import session_of
from services.conference_booking.ports_lines import Asked, Measured
from services.conference_booking.probe.figures import percentile
from services.conference_booking.usecases.alarms import open_by_line, sessions_on, tell_bad_lines
from services.conference_booking.usecases.context import Context, actor_of
from services.conference_booking.usecases.meetings import load_meeting
from shared.commands import ATTEMPTS
from shared.contracts.conference_booking.lines import ListLines, ListMeasurements, ReportMeasurements
from shared.contracts.principal import Principal, Role
from shared.errors import Forbidden, NotFound, Stale
from shared.requests import answer_page, page_of, read_query, read_request

Request = dict[str, Any]
Row = dict[str, Any]

_UNITS = {"loss": "_percent", "rtt": "_ms", "jitter": "_ms", "mbps": ""}
_OF_SAMPLE = (
    *("at", "seconds", "sent", "received", "lost_there", "lost_back", "rtt_p50_ms", "rtt_p95_ms", "rtt_max_ms"),
    *("jitter_there_ms", "jitter_back_ms", "mbps_there", "mbps_back"),
)
MOST_LINES = 10_000
"""More than a network has."""


def report_measurements(context: Context, request: Request, principal: Principal) -> Request:
    """Take in what a probe measured; what it reported before is known by its number and not counted again.

    Raises:
        Forbidden: the caller is not the endpoint's own probe, or there is no such endpoint.
    """
    body = read_request(ReportMeasurements, request, path=("endpoint",))
    loaded = context.endpoints.find(request["endpoint"])
    own = loaded.document.get("probe") if loaded else None
    if loaded is None or not own or own != principal.subject or not principal.has(Role.LINE_PROBE):
        raise Forbidden("probe_of_another")
    for _ in range(ATTEMPTS):
        try:
            kept = _keep(context, loaded.document, body)
        except Stale:
            continue
        on = sessions_on(context, request["endpoint"])
        if on:
            tell_bad_lines(context, {f"{request['endpoint']}:{one['line']}" for one in body["samples"]}, on)
        busy = any(session["state"] == "live" for _, session in on)
        return {"kept": kept, "known": len(body["samples"]) - kept, "trains": not busy}
    raise Stale("version_stale")


def _keep(context: Context, endpoint: Document, body: Request) -> int:
    """Samples, and where their lines stand after them, in one transaction; how many samples were new."""
    rules, now = context.networks.get(endpoint["network"]).quality, context.now()
    samples = {f"{endpoint['_id']}:{body['source']}:{one['sequence']}": one for one in body["samples"]}
    kept: list[Row] = []

    def work() -> None:
        known = context.lines.known(samples)
        fresh = [(key, one) for key, one in samples.items() if key not in known]
        kept[:] = []
        for line in dict.fromkeys(one["line"] for _, one in fresh):
            kept.extend(_follow(context, endpoint, [row for row in fresh if row[1]["line"] == line], rules, now))
        if kept:
            context.lines.add(kept)

    context.together(work)
    return len(kept)


def _follow(
    context: Context, endpoint: Document, fresh: Sequence[tuple[str, Request]], rules: Rules, now: datetime
) -> list[Row]:
    """Move one line on by its new samples; these with what followed from them."""
    line = fresh[0][1]["line"]
    identifier, about = f"{endpoint['_id']}:{line}", {"endpoint": endpoint["_id"], "line": line}
    before = context.lines.standing([identifier]).get(identifier, {"version": 0})
    mbps = max((one["mbps"] for one in endpoint["lines"] if one["kind"] == line), default=0)
    told = [figures_of(sample) for _, sample in fresh]
    slow = [is_slow(one, rules, mbps) for one in told]
    standings = bands_after(standing_of(before), [even_band(one, rules) for one in told], rules, slow)
    rows = [
        {
            "_id": key,
            **about,
            **{name: sample[name] for name in _OF_SAMPLE},
            "at": min(sample["at"], now),  # of a clock that is ahead
            "loss": figures.loss,
            "jitter": figures.jitter,
            "band": band_of(figures, rules, mbps).value,
            "line_band": standing.shown(rules).value,
            "expires_at": min(sample["at"], now) + timedelta(days=rules.keep_days),
        }
        for (key, sample), figures, standing in zip(fresh, told, standings, strict=True)
    ]
    after = {
        **about,
        "network": endpoint["network"],
        **_standing(before, rows, standings[-1]),
        "train_mbps": next((one.mbps for one in reversed(told) if one.mbps is not None), before.get("train_mbps")),
        "heard_at": now,
        "heard_since": heard_since(before, rules, now),
        "silent_at": None,
        "measured_at": rows[-1]["at"],
        "last": {f"{name}{unit}": getattr(told[-1], name) for name, unit in _UNITS.items()},
        "next_due_at": now + timedelta(seconds=rules.silent_after),
    }
    if not context.lines.keep(identifier, before["version"], after):
        raise Stale("version_stale")
    return rows


def _standing(before: Document, rows: Sequence[Row], standing: Standing) -> Row:
    """Where a line stands after these samples, and since which of them."""
    since, band = before.get("since", rows[0]["at"]), before.get("band", Band.UNKNOWN)
    for row in rows:
        if row["line_band"] != band:
            since, band = row["at"], row["line_band"]
    towards = standing.towards.value if standing.towards else None
    plain = {"followed": standing.band.value, "run": standing.run, "towards": towards, "slow": standing.slow}
    return {"band": band, "since": since, **plain}


def figures_of(sample: Mapping[str, Any]) -> Figures:
    """What a sample says of its line: of both ways the worse."""
    loss = loss_of(sample["sent"], sample["received"], sample["lost_there"], sample["lost_back"])
    jitters = [sample[name] for name in ("jitter_there_ms", "jitter_back_ms") if sample[name] is not None]
    speeds = [sample[name] for name in ("mbps_there", "mbps_back") if sample[name] is not None]
    return Figures(round(loss, 3), sample["rtt_p50_ms"], max(jitters, default=None), min(speeds, default=None))


def standing_of(line: Mapping[str, Any]) -> Standing:
    """Where a stored line stands; one that was never heard is unknown."""
    towards, band = line.get("towards"), line.get("followed") or line.get("band", Band.UNKNOWN)
    return Standing(Band(band), line.get("run", 0), Band(towards) if towards else None, line.get("slow", 0))


def fire_line(context: Context, identifier: str) -> None:
    """Nothing was heard of a line for so long that it counts as silent, unless nothing could be heard.

    Raises:
        Stale: something was heard meanwhile; the loop looks again.
    """
    line = context.lines.standing([identifier]).get(identifier)
    if line is None:
        return
    now, rules = context.now(), context.networks.get(line["network"]).quality
    others = context.lines.of_network(line["network"], None, after="", limit=MOST_LINES)
    until = judge_silence(line, others, rules, context.began, now)
    silent = Band.SILENT.value
    changes: Row = {"band": silent, "followed": silent, "run": 0, "towards": None, "slow": 0, "since": now}
    changes |= {"silent_at": None, "next_due_at": None}
    if until is not None:
        changes = {"silent_at": until, "next_due_at": until}
    else:
        for meeting, session in sessions_on(context, line["endpoint"]):
            open_by_line(context, {**line, **changes}, meeting, session)
    if not context.lines.keep(identifier, line["version"], changes):
        raise Stale("version_stale")


def last_measured(context: Context, endpoint: str) -> Row | None:
    """What an endpoint's probe measured last on the primary line; None where nothing is heard."""
    identifier = f"{endpoint}:primary"
    line = context.lines.standing([identifier]).get(identifier)
    return line["last"] if line and line["band"] != Band.SILENT else None


def list_lines(context: Context, request: Request, principal: Principal) -> Request:
    """The lines of a network that were ever heard."""
    query = read_query(ListLines, request)
    check_reads(actor_of(principal))
    context.networks.get(query["network"])
    limit, after = page_of(request)
    found = context.lines.of_network(query["network"], query["band"], after=after or "", limit=limit + 1)
    names = ("endpoint", "line", "band", "since", "heard_at", "measured_at", "last")
    items = [{name: one[name] for name in names} for one in found[:limit]]
    return answer_page(items, found[limit - 1]["_id"] if len(found) > limit else None)


def list_measurements(context: Context, request: Request, principal: Principal) -> Request:
    """What was measured on a line, the oldest first or the newest."""
    query = read_query(ListMeasurements, request, path=("endpoint", "line"))
    check_reads(actor_of(principal))
    if context.endpoints.find(request["endpoint"]) is None:
        raise NotFound("endpoint_unknown", endpoint=request["endpoint"])
    limit, after = page_of(request)
    asked = Asked(request["endpoint"], request["line"], query["since"], query["until"])
    rows, following = context.lines.page(asked, newest_first=bool(query["newest_first"]), after=after, limit=limit)
    names = (*_OF_SAMPLE, "band", "line_band")
    items = [{**{name: row[name] for name in names}, "loss_percent": row["loss"]} for row in rows]
    return answer_page(items, following)


def read_session_lines(context: Context, request: Request, principal: Principal) -> Request:
    """How good the lines of a session's endpoints were, from its set-up until its end or now."""
    meeting = load_meeting(context, request["meeting"], actor_of(principal)).document
    session = session_of(meeting, request["session"])
    return context.lines.kept_session(_of_session(meeting, session)) or _session_lines(context, meeting, session)


def keep_session_lines(context: Context, meeting: Document) -> None:
    """Keep, once and for good, what the lines of sessions were like that are over.

    Raises:
        Stale: somebody changed the meeting meanwhile; whoever looks for what is due looks again.
    """
    now, kept = context.now(), set(meeting.get("lines_kept", ()))
    for session in sessions_measured(meeting, now):
        context.lines.keep_session(_of_session(meeting, session), _session_lines(context, meeting, session))
        kept.add(session["n"])
    changes = settle(meeting, {"lines_kept": sorted(kept)}, now)
    if not context.meetings.derive(meeting["_id"], meeting["version"], changes):
        raise Stale("version_stale")


def _of_session(meeting: Document, session: Mapping[str, Any]) -> str:
    return f"{meeting['_id']}-{session['n']}"


def _session_lines(context: Context, meeting: Document, session: Mapping[str, Any]) -> Request:
    """What its samples say, as long as they are kept."""
    first, last = session["from"], max(min(session["end"], context.now()), session["from"])
    things = (session.get("held") or meeting)["things"]
    return {
        "session": session["n"],
        "measured_from": first,
        "measured_until": last,
        "lines": [_spread(one) for one in context.lines.within(things, first, last)],
    }


def _spread(measured: Measured) -> Request:
    counts = {band.value: measured.bands.count(band) for band in (Band.GREEN, Band.AMBER, Band.RED)}
    return {
        "endpoint": measured.endpoint,
        "line": measured.line,
        "samples": len(measured.bands),
        **counts,
        "loss_percent": spread_of(measured.loss),
        "rtt_ms": spread_of(measured.rtt) | {"max": max(_known(measured.longest), default=None)},
        "jitter_ms": spread_of(measured.jitter),
    }


def spread_of(values: Sequence[float | None]) -> Request:
    """What half of the values, nineteen of twenty, and all do not exceed."""
    ordered = sorted(_known(values))
    return {"p50": percentile(ordered, 50), "p95": percentile(ordered, 95), "max": percentile(ordered, 100)}


def _known(values: Sequence[float | None]) -> list[float]:
    return [value for value in values if value is not None]
