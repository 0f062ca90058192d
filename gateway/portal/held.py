"""What was typed into a form whose reader has to sign in anew, or just did: kept on a page from which it is sent again.

A session ends after hours of work, mostly in the middle of something. Only what the browser says came from our own
page is kept (Fetch Metadata): no other site can put words in front of a reader that they then send as their own.
"""

from flask import request

from gateway.http.refusals import TooSlow
from gateway.http.validation import read_body

PROOF = "form_token"
_FORM = "application/x-www-form-urlencoded"


def held_fields() -> list[tuple[str, str]]:
    """The fields of the form in hand but its proof, in order.

    None of a form with files or a password, nor of what came too slowly.
    """
    ours = request.headers.get("Sec-Fetch-Site") == "same-origin"
    if not (ours and request.method == "POST" and request.mimetype == _FORM):
        return []
    try:
        read_body(request)
    except TooSlow:
        return []
    if "password" in request.form:
        return []
    return [(name, value) for name, value in request.form.items(multi=True) if name != PROOF]
