"""A file of a form, streamed into the file store as the REST interface does; nothing touches our disk."""

from typing import Any

from flask import current_app, request

from gateway.api.files import refuse_large, store_file
from gateway.http.multipart import FirstFile
from gateway.portal.sessions import Sessions
from shared.errors import FieldError, Invalid, TooLarge, Unsupported, field_error

STREAMED = "multipart/form-data"
"""Forms with a file are read by their own view, which looks for the proof before it takes the file."""

WRONG_FILE = (Invalid, TooLarge, Unsupported)
"""What is said beside the field of a file that cannot be taken."""


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


def one_more(files: list[str]) -> tuple[list[str], list[FieldError]]:
    """The files of a draft with the one that is sent now, and what is wrong with that one.

    Raises:
        Forbidden: the form is not from our page.
        TooSlow: it does not arrive in time.
    """
    try:
        stored = received_file()
    except WRONG_FILE as error:
        return files, [field_error("tep", error.code, **error.params)]
    if stored is None:
        return files, [field_error("tep", "file_missing")]
    return list(dict.fromkeys([*files, stored])), []
