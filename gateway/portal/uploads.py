"""A file of a form, streamed into the file store as the REST interface does; nothing touches our disk."""

from typing import Any

from flask import current_app, request

from gateway.api.files import refuse_large, store_file
from gateway.http.multipart import FirstFile
from gateway.portal.sessions import Sessions

STREAMED = "multipart/form-data"
"""Forms with a file are read by their own view, which looks for the proof before it takes the file."""


def received_file() -> str | None:
    """The id of the file that was sent, once the form has proven itself; None where none was chosen.

    Raises:
        Forbidden: the form is not from our page.
        Invalid, TooLarge, TooSlow, Unsupported: the file cannot be taken.
    """
    refuse_large()
    boundary: Any = request.mimetype_params.get("boundary", "").encode("latin-1", "replace")
    sent = FirstFile(request.stream, boundary)
    sessions: Sessions = current_app.extensions["sessions"]
    sessions.check_form(sent.fields.get("form_token", ""))
    if not sent.name:
        return None
    return store_file(sent, sent.name, sent.type).id
