"""Uploads: streamed into the file store while they arrive, never through RabbitMQ and never onto our disk."""

from typing import Any
from urllib.parse import unquote

import gevent
import orjson
from flask import Response, current_app, request
from flask_smorest import Blueprint
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.http import parse_options_header

from gateway.auth.access import requires
from gateway.http.call import current_call
from gateway.http.idempotency import required_key
from gateway.http.multipart import FileForm, FormFile
from gateway.http.negotiation import require_acceptable
from gateway.http.refusals import BadRequest, TooSlow
from gateway.http.validation import refuse_compressed
from gateway.openapi.routes import describe_upload
from shared.errors import Invalid, TooLarge
from shared.files import FileStore, Readable, StoredFile

OVERHEAD = 64 * 1024
"""What a multipart envelope may add to the file itself."""

files = Blueprint("files", __name__, url_prefix="/api/v1/files", description="Tệp tin · Files")


@requires("files:write")
def upload_file() -> Response:
    """Upload a file."""
    require_acceptable("application/json")
    required_key()  # the content is its own identity, but every POST keeps the same manners
    refuse_large()
    stored = store_file(*(_multipart() if request.mimetype == "multipart/form-data" else _raw()))
    answer = {"id": stored.id, "sha256": stored.id, "size": stored.size, "type": stored.type, "name": stored.name}
    return Response(orjson.dumps(answer), 201, mimetype="application/json")


def refuse_large() -> None:
    """Refuse before it is read what says itself that it is too large, and make room for a file in the others."""
    refuse_compressed(request)
    limit: int = current_app.config["MAX_UPLOAD_BYTES"]
    request.max_content_length = limit + OVERHEAD
    if (request.content_length or 0) > limit + OVERHEAD:
        raise TooLarge("file_too_large", limit=limit)


def store_file(stream: Readable, name: str, kind: str) -> StoredFile:
    """The file of the caller in hand, kept as it arrives.

    Raises:
        TooLarge, TooSlow: there is too much of it, or too little at a time.
        Invalid, Unsupported: it is empty, or not of a kind that may be uploaded.
    """
    store: FileStore = current_app.extensions["files"]
    limit: int = current_app.config["MAX_UPLOAD_BYTES"]
    try:
        with gevent.Timeout(current_app.config["UPLOAD_SECONDS"], TooSlow("body_too_slow")):
            return store.put(stream, limit=limit, name=name, declared_type=kind, owner=current_call().subject)
    except RequestEntityTooLarge as error:
        raise TooLarge("file_too_large", limit=limit) from error


def _raw() -> tuple[Readable, str, str]:
    """The body is the file; its name stands in `X-File-Name`, percent-encoded, or in `Content-Disposition`."""
    named = request.headers.get("X-File-Name")
    if named is not None:
        return request.stream, _decoded(named), request.mimetype
    options = parse_options_header(request.headers.get("Content-Disposition", ""))[1]
    if not options.get("filename"):
        raise BadRequest("file_name_missing")
    return request.stream, options["filename"], request.mimetype


def _decoded(name: str) -> str:
    try:
        return unquote(name, errors="strict")
    except UnicodeDecodeError as error:
        raise Invalid("file_name_malformed") from error


def _multipart() -> tuple[Readable, str, str]:
    """The first file of a form."""
    part = next_file(form_in_hand())
    if part is None:
        raise BadRequest("file_missing")
    return part, part.name, part.type


def form_in_hand() -> FileForm:
    """The form that the request brings, unread."""
    boundary: Any = request.mimetype_params.get("boundary", "").encode("latin-1", "replace")
    return FileForm(request.stream, boundary)


def next_file(form: FileForm) -> FormFile | None:
    """The next file of a form, with what was typed before it read in time.

    Raises:
        BadRequest: the form is malformed.
        TooSlow: it does not arrive in time.
    """
    with gevent.Timeout(current_app.config["READ_SECONDS"], TooSlow("body_too_slow")):
        return form.next_file()


upload_file._apidoc = {"manual_doc": describe_upload()}  # type: ignore[attr-defined]  # flask-smorest's
files.add_url_rule("", "upload_file", upload_file, methods=["POST"])
