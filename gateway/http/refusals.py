"""Refusals that only HTTP knows, beside the kinds of `shared.errors`, and the one map from kind to status."""

from shared.errors import Error


class BadRequest(Error):
    """The request is not even readable: malformed JSON, a header that breaks its format."""

    kind = "BadRequest"


class MethodNotAllowed(Error):
    """The resource exists, this verb does not; `allow` in the params lists those that do."""

    kind = "MethodNotAllowed"


class NotAcceptable(Error):
    """The resource has no form that the caller accepts."""

    kind = "NotAcceptable"


class TooSlow(Error):
    """The request's body did not arrive in time."""

    kind = "TooSlow"


class NotSatisfiable(Error):
    """The part of the file that was asked for does not exist; `size` in the params."""

    kind = "NotSatisfiable"


class PreconditionRequired(Error):
    """The change needs the version that the caller saw (RFC 6585)."""

    kind = "PreconditionRequired"


STATUS = {
    "BadRequest": 400,
    "Unauthenticated": 401,
    "Forbidden": 403,
    "NotFound": 404,
    "MethodNotAllowed": 405,
    "NotAcceptable": 406,
    "TooSlow": 408,
    "Conflict": 409,
    "Stale": 412,
    "TooLarge": 413,
    "Unsupported": 415,
    "NotSatisfiable": 416,
    "Invalid": 422,
    "PreconditionRequired": 428,
    "TooMany": 429,
    "Internal": 500,
    "Unavailable": 503,
    "TimedOut": 504,
}
"""The HTTP status of each kind of refusal; a kind that is missing here is a defect and answered with 500."""
