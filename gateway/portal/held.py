"""What was typed into a form whose reader has to sign in anew, or just did: kept on a page from which it is sent again.

A session ends after hours of work, mostly in the middle of something. Only what the browser says came from our own
page is kept (Fetch Metadata): no other site can put words in front of a reader that they then send as their own.
"""

from dataclasses import dataclass
from urllib.parse import urlencode

from flask import request
from werkzeug.datastructures import MultiDict

from gateway.http.refusals import BadRequest, TooSlow
from gateway.http.validation import read_body
from gateway.portal.streamed import STREAMED, read_past_files
from shared.errors import Unsupported

PROOF = "form_token"
_FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Held:
    """The fields of a form but its proof, in order, how (`enctype`) and whither they are sent once more.

    A file is not kept: of `lost_file` it is the box, and what was typed goes to the page on which to choose it again.
    """

    fields: list[tuple[str, str]]
    enctype: str
    to: str
    lost_file: str = ""


def held_form() -> Held | None:
    """The form in hand; None of one with a password, nor of what is not a form or cannot be read."""
    ours = request.headers.get("Sec-Fetch-Site") == "same-origin"
    if not (ours and request.method == "POST" and request.mimetype in (_FORM, STREAMED)):
        return None
    try:
        typed, box = read_past_files() if request.mimetype == STREAMED else (_typed(), "")
    except (BadRequest, TooSlow, Unsupported):
        return None
    box = box or request.args.get("gui", "")
    fields = [(name, value) for name, value in typed.items(multi=True) if name != PROOF]
    if "password" in typed or not (fields or box):
        return None
    return Held(fields, request.mimetype, _to(box), box)


def _typed() -> MultiDict[str, str]:
    read_body(request)
    return request.form


def _to(box: str) -> str:
    """Where the form was sent; without its file only to the button beside the box, which decides nothing."""
    args = [*request.args.items(multi=True), *([("gui", box)] if box and "gui" not in request.args else [])]
    return f"{request.path}?{urlencode(args)}" if args else request.path
