"""How settings are declared, and read from the environment; the only module that reads it.

A setting is named in the environment as its field, in capitals. A secret may also come from a mounted file:
`NAME_FILE` holds the path.
"""

import os
import types
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import MISSING, Field, field
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin


class SettingsError(Exception):
    """The environment is wrong; the message lists every mistake, so that one restart is enough."""

    def __init__(self, mistakes: list[str]) -> None:
        super().__init__("wrong settings:\n" + "\n".join(f"- {mistake}" for mistake in mistakes))
        self.mistakes = mistakes


def setting(doc: str, default: Any = MISSING, *, secret: bool = False, least: float | None = None) -> Any:
    """Declare one setting: what it decides in one sentence, its default (none: it must be given), its least value.

    A secret is kept out of logs and may be given as a file.
    """
    return field(default=default, repr=not secret, metadata={"doc": doc, "secret": secret, "least": least})


def read(
    settings: Iterable["Field[Any]"], environ: Mapping[str, str] | None = None, without: Collection[str] = ()
) -> dict[str, Any]:
    """Read declared settings by their names; those that a process does `without` need not be given and are empty.

    Raises:
        SettingsError: naming everything that is missing or malformed.
    """
    environ = os.environ if environ is None else environ
    values: dict[str, Any] = {}
    mistakes: list[str] = []
    for declared in settings:
        try:
            text = _text(declared, environ)
            if text is not None:
                values[declared.name] = _parse(declared, text)
            elif declared.name in without:
                values[declared.name] = ""
            elif declared.default is MISSING:
                raise ValueError("is missing")
        except ValueError as error:
            mistakes.append(f"{env_name(declared)} {error}")
    if mistakes:
        raise SettingsError(mistakes)
    return values


def env_name(declared: "Field[Any]") -> str:
    """The name of a setting in the environment."""
    return declared.name.upper()


def _text(declared: "Field[Any]", environ: Mapping[str, str]) -> str | None:
    """What was given for a setting, or None; an empty value counts as not given, as compose files write it."""
    name = env_name(declared)
    text = environ.get(name) or None
    path = environ.get(f"{name}_FILE") if declared.metadata["secret"] else None
    if not path:
        return text
    if text is not None:
        raise ValueError(f"is given twice, also as {name}_FILE")
    try:
        return Path(path).read_text(encoding="utf-8").strip() or None
    except OSError as error:
        raise ValueError(f"cannot be read from {path}: {error.strerror}") from error


def _parse(declared: "Field[Any]", text: str) -> Any:
    value = _PARSERS[base_type(declared)](declared, text)
    least = declared.metadata["least"]
    if least is not None and value < least:
        raise ValueError(f"must be at least {least}, not {value}")
    return value


def base_type(declared: "Field[Any]") -> Any:
    """The type of a setting without "or None" and without what stands in its brackets."""
    kind: Any = declared.type
    if isinstance(kind, types.UnionType) or get_origin(kind) is Union:
        kind = next(part for part in get_args(kind) if part is not type(None))
    return get_origin(kind) or kind


def _whole_number(_: "Field[Any]", text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise ValueError(f"must be a whole number, not {text!r}") from None


def _number(_: "Field[Any]", text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise ValueError(f"must be a number, not {text!r}") from None


def _choice(declared: "Field[Any]", text: str) -> str:
    choices = get_args(declared.type)
    if text not in choices:
        raise ValueError(f"must be one of {', '.join(choices)}, not {text!r}")
    return text


def _list(_: "Field[Any]", text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


_PARSERS: dict[Any, Callable[["Field[Any]", str], Any]] = {
    str: lambda _, text: text,
    int: _whole_number,
    float: _number,
    Path: lambda _, text: Path(text),
    Literal: _choice,
    tuple: _list,
}
