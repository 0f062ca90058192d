"""The few kinds of refusal that any part of the platform may answer with.

An error carries a stable machine-readable `code`, never a sentence: sentences in Vietnamese and English are
chosen where people read them. It knows no HTTP, so the same class serves a use case, the bus and a job.
"""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, TypedDict


class FieldError(TypedDict):
    """One wrong field: its dotted `path` in the request, a `code`, and figures for the sentence."""

    path: str
    code: str
    params: dict[str, Any]


def field_error(path: str, code: str, **params: Any) -> FieldError:
    """Name one wrong field and what is wrong with it."""
    return {"path": path, "code": code, "params": params}


class Error(Exception):
    """A refusal that the caller can understand and act on; anything else that is raised is a defect."""

    kind: ClassVar[str] = "Error"

    def __init__(self, code: str, *, fields: Sequence[FieldError] = (), **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.params = params
        self.fields = list(fields)

    def __str__(self) -> str:
        details = ", ".join(f"{name}={value!r}" for name, value in self.params.items())
        wrong = ", ".join(f"{field['path']}: {field['code']}" for field in self.fields)
        return " ".join(part for part in (self.code, f"({details})" if details else "", wrong) if part)

    def to_dict(self) -> dict[str, Any]:
        """The form in which an error crosses the bus: `{kind, code, params, fields}`."""
        return {"kind": self.kind, "code": self.code, "params": self.params, "fields": self.fields}


class Invalid(Error):
    """The request itself is wrong: a field is missing, malformed or breaks a rule of the domain."""

    kind = "Invalid"


class Unauthenticated(Error):
    """Nobody has shown who they are, or the proof is no longer good."""

    kind = "Unauthenticated"


class Forbidden(Error):
    """The caller is known and may not do this."""

    kind = "Forbidden"


class NotFound(Error):
    """There is no such thing, or the caller may not know that there is."""

    kind = "NotFound"


class Conflict(Error):
    """The thing is in a state in which this cannot be done, now or ever."""

    kind = "Conflict"


class Stale(Error):
    """The caller acted on an older version than the present one."""

    kind = "Stale"


class Unsupported(Error):
    """The content is of a kind that is not accepted here."""

    kind = "Unsupported"


class TooLarge(Error):
    """The content is larger than what is accepted here."""

    kind = "TooLarge"


class TooMany(Error):
    """The caller asks too often; `retry_after` in the params is in seconds."""

    kind = "TooMany"


class Unavailable(Error):
    """A part that is needed is away for now; repeating the same request later is safe."""

    kind = "Unavailable"


class TimedOut(Error):
    """No answer in time: the outcome is unknown, repeat with the same idempotency key."""

    kind = "TimedOut"


class Internal(Error):
    """A defect on our side; the correlation id finds its trace in the logs."""

    kind = "Internal"


_KINDS: dict[str, type[Error]] = {cls.kind: cls for cls in Error.__subclasses__()}


def error_from_dict(data: Mapping[str, Any]) -> Error:
    """Rebuild what `Error.to_dict` wrote; an unknown kind, of a newer version, becomes `Internal`."""
    kind = _KINDS.get(str(data.get("kind")), Internal)
    error = kind(str(data.get("code", "internal_error")), fields=data.get("fields") or ())
    error.params = dict(data.get("params") or {})
    return error
