"""A form with files, read as it arrives: by its view, or, where its reader has to sign in anew, for what was typed."""

from contextlib import suppress

import gevent
from flask import current_app, g, request
from werkzeug.datastructures import MultiDict

from gateway.api.files import OVERHEAD, form_in_hand, next_file
from gateway.http.multipart import FileForm
from gateway.http.refusals import BadRequest, TooSlow
from gateway.http.validation import refuse_compressed
from gateway.portal.sessions import Sessions

STREAMED = "multipart/form-data"
"""Forms with a file are read by their own view, which looks for the proof before it takes the file."""


def read_past_files() -> tuple[MultiDict[str, str], str]:
    """What was typed in the form in hand, and the box of the first file chosen in it, "" without; no file is kept.

    A file takes its time where a page of ours is proven, as it would have been taken in, and that of typed words
    elsewhere. What stands behind one that is too large or too slow is lost.

    Raises:
        BadRequest, TooSlow, Unsupported: not even what stands before the first file can be read.
    """
    form = opened_form()
    if not form.fields:
        next_file(form)
    proven = sessions().proves(form.fields.get("form_token", ""))
    seconds: float = current_app.config["UPLOAD_SECONDS" if proven else "READ_SECONDS"]
    if not is_too_large():
        with suppress(BadRequest, TooSlow), gevent.Timeout(seconds, TooSlow("body_too_slow")):
            while form.next_file():
                pass
    return form.fields, next(iter(form.chosen), "")


def opened_form() -> FileForm:
    """The form in hand, which is read once: whoever asks later reads on from there."""
    if "file_form" not in g:
        refuse_compressed(request)
        request.max_content_length = max(request.content_length or 0, _most())
        g.file_form = form_in_hand()
    form: FileForm = g.file_form
    return form


def is_too_large() -> bool:
    """Whether the form says of itself that it brings more than a file may have."""
    return (request.content_length or 0) > _most()


def _most() -> int:
    limit: int = current_app.config["MAX_UPLOAD_BYTES"]
    return limit + OVERHEAD


def sessions() -> Sessions:
    """Who knows whom a form is from."""
    found: Sessions = current_app.extensions["sessions"]
    return found
