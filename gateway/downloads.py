"""Stored files on their way out: streamed, in parts where asked (RFC 9110, 14), under Vietnamese names (RFC 6266).

A service has already said that the caller may have the file; the hash of its content is its entity tag.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from flask import Response, current_app, request
from werkzeug.datastructures import IfRange

from gateway.http.refusals import NotSatisfiable
from shared.files import FileStore

SHOWN = ("application/pdf", "image/png", "image/jpeg")
"""Kinds that hold nothing which a browser would run as ours; what a file is was checked when it was taken in."""

SHOWN_POLICY = "default-src 'none'; object-src 'self'; frame-ancestors 'self'; base-uri 'none'; form-action 'none'"

_QUIET = re.compile(r"[^A-Za-z0-9._-]+")


def send_stored(ticket: Mapping[str, Any]) -> Response:
    """The file that a service's ticket names, whole or the part that was asked for."""
    etag = f'"{ticket["file"]}"'
    if "If-None-Match" in request.headers and request.if_none_match.contains(ticket["file"]):
        return _with_headers(Response(status=304), ticket, etag)
    store: FileStore = current_app.extensions["files"]
    stored = store.open(ticket["file"])
    start, stop = _wanted_part(stored.size, ticket["file"])
    partial = (start, stop) != (0, stored.size)
    response = Response(
        _part(stored.chunks, start, stop), 206 if partial else 200, mimetype=ticket["type"], direct_passthrough=True
    )
    response.content_length = stop - start
    if partial:
        response.headers["Content-Range"] = f"bytes {start}-{stop - 1}/{stored.size}"
    return _with_headers(response, ticket, etag)


def show_stored(ticket: Mapping[str, Any]) -> Response:
    """The file to be looked at inside our own pages where browsers only draw its kind; else to be kept, as ever."""
    response = send_stored(ticket)
    if ticket["type"] in SHOWN:
        kept = response.headers["Content-Disposition"]
        response.headers["Content-Disposition"] = kept.replace("attachment", "inline", 1)
        response.headers["Content-Security-Policy"] = SHOWN_POLICY
        response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response


def _with_headers(response: Response, ticket: Mapping[str, Any], etag: str) -> Response:
    response.headers["ETag"] = etag
    response.headers["Accept-Ranges"] = "bytes"
    response.headers["Content-Disposition"] = disposition(ticket["name"])
    return response


def disposition(name: str) -> str:
    """`attachment` with the name as it is, and once more in plain letters for programs that know no better."""
    folded = unicodedata.normalize("NFKD", name.replace("Đ", "D").replace("đ", "d"))
    plain = _QUIET.sub("-", folded.encode("ascii", "ignore").decode("ascii")).strip("-.") or "file"
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def _wanted_part(size: int, file_id: str) -> tuple[int, int]:
    """Which bytes the caller wants: all of them, unless there is one good range and the file has not changed."""
    asked = request.range
    if asked is None or asked.units != "bytes" or len(asked.ranges) != 1 or not _unchanged(request.if_range, file_id):
        return 0, size
    part = asked.range_for_length(size)
    if part is None:
        raise NotSatisfiable("range_not_satisfiable", size=size)
    return part


def _unchanged(condition: IfRange, file_id: str) -> bool:
    return (condition.etag is None and condition.date is None) or condition.etag == file_id


def _part(chunks: Iterator[bytes], start: int, stop: int) -> Iterator[bytes]:
    """The bytes from `start` up to `stop`; what lies beyond is not read."""
    position = 0
    for chunk in chunks:
        wanted = chunk[max(0, start - position) : max(0, stop - position)]
        position += len(chunk)
        if wanted:
            yield wanted
        if position >= stop:
            return
