"""A SCIM resource in the form in which filters compare and sort it.

Every attribute is kept under its holder (`main` for the resource, else the extension's name) and its own name, in the
form that SCIM compares: texts in one case where case does not matter, moments as text in UTC that sorts as they do.
"""

from collections.abc import Iterator
from datetime import datetime
from functools import cache
from typing import Any, cast

from scim2_models import AttributeBinding, Extension, Path, Resource
from scim2_models.base import BaseModel
from scim2_models.path import attribute_host
from scim2_server.utils import parametrize

from services.email_provisioning.adapters.scim.bounds import nearest_moment, nearest_number

_COMMON = ("id", "schemas", "meta.resourceType", "meta.created", "meta.lastModified", "meta.location", "meta.version")


@cache
def attributes(model: type[Resource[Any]]) -> tuple[AttributeBinding, ...]:
    """All attributes and sub-attributes that a resource of this model may have."""
    path = parametrize(Path, model)
    found = [one.resolve() for one in path.iter_paths()] + [path(name).resolve() for name in _COMMON]
    return tuple(one for one in found if one is not None and one.target_type is not None)


def holder_of(attribute: AttributeBinding) -> str:
    """Under which name the attributes of the same schema are kept."""
    model = attribute.model
    return model.__name__ if issubclass(model, Extension) else "main"


def key_of(attribute: AttributeBinding) -> str:
    """Where an attribute is kept: `main.emails.type`."""
    whole = f"{holder_of(attribute)}.{attribute.field_name}"
    return f"{whole}.{attribute.sub_field_name}" if attribute.sub_field_name else whole


def comparable(attribute: AttributeBinding, value: Any) -> Any:
    """A value in the form in which it is compared; None where it can be compared with nothing."""
    if isinstance(value, datetime):
        return nearest_moment(value).isoformat(timespec="microseconds")
    if isinstance(value, int) and not isinstance(value, bool):
        return nearest_number(value)
    try:
        compared = attribute.comparable(value)
    except ValueError:
        return None
    return str(compared) if isinstance(compared, str) else compared


def tree_of(resource: Resource[Any]) -> dict[str, Any]:
    """All that filters may ask of a resource: `{holder: {attribute: value, parts of a value, or a list of them}}`."""
    tree: dict[str, Any] = {}
    for attribute in attributes(type(resource)):
        held = _held(resource, attribute)
        if held is None or held == []:
            continue
        into = tree.setdefault(holder_of(attribute), {})
        if attribute.sub_field_name:
            _put_sub(into, attribute, held)
        elif not _is_complex(attribute):
            values = [comparable(attribute, one) for one in held] if isinstance(held, list) else None
            into[attribute.field_name] = comparable(attribute, held) if values is None else values
    return tree


def present_in(resource: Resource[Any]) -> list[str]:
    """The keys of all attributes that are there: not empty, and of complex ones with something in them."""
    return [key_of(one) for one in attributes(type(resource)) if is_present(read(resource, one))]


def sort_keys(resource: Resource[Any]) -> dict[str, Any]:
    """What each attribute is sorted by: of several values the primary one, else the first (RFC 7644, 3.4.2.3)."""
    return {key_of(one).replace(".", "/"): value for one, value in _sorted_by(resource) if value is not None}


def unique_values(resource: Resource[Any]) -> list[str]:
    """Values that no other resource may have, each with its attribute's name."""
    from scim2_models import Uniqueness

    paths = parametrize(Path, type(resource)).iter_paths(
        include_subattributes=False, uniqueness=[Uniqueness.server, Uniqueness.global_]
    )
    bound = [(attribute, read(resource, attribute)) for path in paths if (attribute := path.resolve()) is not None]
    values = [(attribute.urn, comparable(attribute, value)) for attribute, value in bound if value is not None]
    return [f"{urn} {value}" for urn, value in values if value is not None]


def read(resource: Resource[Any], attribute: AttributeBinding) -> Any:
    """The value of an attribute, or the list of those that its entries have."""
    held = _held(resource, attribute)
    if attribute.sub_field_name is None or held is None:
        return held
    if isinstance(held, list):
        return [getattr(one, attribute.sub_field_name, None) for one in held if one is not None]
    return getattr(held, attribute.sub_field_name, None)


def is_present(value: Any) -> bool:
    """Whether the operator `pr` finds a value (RFC 7644, 3.4.2.2)."""
    if isinstance(value, BaseModel):
        return any(is_present(getattr(value, name, None)) for name in type(value).model_fields)
    if isinstance(value, list):
        return any(is_present(one) for one in value)
    return value is not None and value != "" and value != b""


def _held(resource: Resource[Any], attribute: AttributeBinding) -> Any:
    host = attribute_host(resource, attribute)
    return None if host is None else getattr(host, attribute.field_name, None)


def _is_complex(attribute: AttributeBinding) -> bool:
    return isinstance(attribute.field_type, type) and issubclass(attribute.field_type, BaseModel)


def _put_sub(into: dict[str, Any], attribute: AttributeBinding, held: Any) -> None:
    sub = cast(str, attribute.sub_field_name)
    several = isinstance(held, list)
    entries = into.setdefault(attribute.field_name, [{} for _ in held] if several else {})
    for entry, one in zip(entries, held, strict=True) if several else ((entries, held),):
        value = getattr(one, sub, None)
        if value is not None and not isinstance(value, list | BaseModel):
            entry[sub] = comparable(attribute, value)


def _sorted_by(resource: Resource[Any]) -> Iterator[tuple[AttributeBinding, Any]]:
    for attribute in attributes(type(resource)):
        held = _held(resource, attribute)
        one = _first(held) if isinstance(held, list) else held
        if _is_complex(attribute):
            one = getattr(one, attribute.sub_field_name or "value", None)
        if isinstance(one, str | bool | int | float | datetime):
            yield attribute, comparable(attribute, one)


def _first(entries: list[Any]) -> Any:
    return next((one for one in entries if getattr(one, "primary", None)), entries[0] if entries else None)
