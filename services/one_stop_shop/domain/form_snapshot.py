"""Forms as they are stored with an application, and back again to be printed."""

from collections.abc import Mapping
from dataclasses import asdict, is_dataclass
from enum import StrEnum
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from services.one_stop_shop.domain import forms
from services.one_stop_shop.domain.form_sets import FormKind
from services.one_stop_shop.domain.forms import Form

_FORMS: dict[FormKind, type[Any]] = {form.kind: form for form in get_args(Form)}


def snapshot(form: Form) -> dict[str, Any]:
    """The form as plain values; moments stay moments."""
    return {name: _plain(value) for name, value in asdict(form).items()}


def restore(kind: FormKind, data: Mapping[str, Any]) -> Form:
    """The form that `snapshot` took a picture of; a field added since then has its default."""
    form: Form = _build(_FORMS[kind], data)
    return form


def _plain(value: Any) -> Any:
    if isinstance(value, StrEnum):
        return str(value)
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, list | tuple) else value


def _build(wanted: Any, value: Any) -> Any:
    if value is None:
        return None
    if get_origin(wanted) in (Union, UnionType):
        return _build(next(option for option in get_args(wanted) if option is not type(None)), value)
    if get_origin(wanted) is tuple:
        return tuple(_build(get_args(wanted)[0], inner) for inner in value)
    if isinstance(wanted, type) and is_dataclass(wanted):
        hints = get_type_hints(wanted, vars(forms))
        return wanted(**{name: _build(hints[name], inner) for name, inner in value.items() if name in hints})
    if isinstance(wanted, type) and issubclass(wanted, StrEnum):
        return wanted(value)
    return value
