"""A contract's load, several times as fast for data that satisfies it.

marshmallow decides field by field at run time what can be known beforehand. Here each contract becomes a chain of
plain checks, once. They accept only what marshmallow accepts, with the same result; whatever they do not
understand or would refuse goes to marshmallow itself, which stays the judge and names every fault.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

from marshmallow import EXCLUDE, RAISE, Schema, ValidationError, fields, missing, validate

from shared.contracts.shapes import Map, Shape

Convert = Callable[[Any], Any]
Check = Callable[[Any], bool]


class _Unsure(Exception):
    """Not clearly right: marshmallow shall judge."""


_Row = tuple[str, str, Convert, Any, bool, bool]


def load(contract: type[Schema], data: Any) -> dict[str, Any]:
    """What `contract().load(data)` answers.

    Raises:
        ValidationError: as marshmallow does.
    """
    schema, quickly = _compiled(contract)
    if quickly is not None:
        try:
            loaded: dict[str, Any] = quickly(data)
            return loaded
        except (_Unsure, ValidationError):
            pass  # marshmallow says below what is wrong, if anything is
    judged: dict[str, Any] = schema.load(data)
    return judged


@cache
def _compiled(contract: type[Schema]) -> tuple[Schema, Convert | None]:
    schema = contract()
    return schema, _compile_schema(schema)


def _compile_schema(schema: Schema) -> Convert | None:
    """The quick load of a schema; None where it has hooks or options that are not understood."""
    hooks = {kind: found for kind, found in schema._hooks.items() if found}
    validators = hooks.pop("validates_schema", [])
    strict, known_option = schema.unknown == RAISE, schema.unknown in (RAISE, EXCLUDE)
    plain = known_option and not schema.many and schema.partial is None and schema.dict_class is dict
    if hooks or not plain or any(many or options.get("pass_original") for _, many, options in validators):
        return None
    rows = [_row(name, field) for name, field in schema.load_fields.items()]
    whole = [getattr(schema, name) for name, _, _ in validators]

    def quickly(data: Any) -> dict[str, Any]:
        if type(data) is not dict:
            raise _Unsure
        loaded, known = _load_rows(rows, data)
        if strict and known != len(data):
            raise _Unsure
        for validator in whole:
            validator(loaded, partial=None, many=False, unknown=schema.unknown)
        return loaded

    return quickly


def _load_rows(rows: list[_Row], data: dict[str, Any]) -> tuple[dict[str, Any], int]:
    """The loaded fields, and how many of those given were known."""
    loaded: dict[str, Any] = {}
    known = 0
    for given_as, name, convert, default, required, nullable in rows:
        value = data.get(given_as, missing)
        if value is missing:
            if required:
                raise _Unsure
            if default is not missing:
                loaded[name] = default() if callable(default) else default
            continue
        known += 1
        if value is not None:
            loaded[name] = convert(value)
        elif nullable:
            loaded[name] = None
        else:
            raise _Unsure
    return loaded, known


def _row(name: str, field: fields.Field[Any]) -> _Row:
    convert = _always_unsure if field.attribute or field.pre_load or field.post_load else _compile_field(field)
    return field.data_key or name, name, convert, field.load_default, field.required, bool(field.allow_none)


def _always_unsure(_: Any) -> Any:
    raise _Unsure


def _compile_field(field: fields.Field[Any]) -> Convert:
    """The quick load of one field's value that is not null; marshmallow's own where the kind is not known here."""
    convert = _COMPILERS.get(type(field)._deserialize, _compile_slowly)(field)
    if convert is None:
        return field.deserialize
    checks = [_compile_check(validator) for validator in field.validators]
    if not checks:
        return convert

    def checked(value: Any) -> Any:
        converted = convert(value)
        for check in checks:
            if not check(converted):
                raise _Unsure
        return converted

    return checked


def _compile_slowly(_: fields.Field[Any]) -> None:
    return None


def _of_type(kind: type) -> Callable[[fields.Field[Any]], Convert]:
    def compile_field(_: fields.Field[Any]) -> Convert:
        def convert(value: Any) -> Any:
            if type(value) is not kind:
                raise _Unsure
            return value

        return convert

    return compile_field


def _compile_integer(field: fields.Field[Any]) -> Convert | None:
    """All numbers share their loading method; only whole ones are what they look like in JSON."""
    return _of_type(int)(field) if type(field) is fields.Integer else None


def _compile_nested(field: fields.Field[Any]) -> Convert | None:
    assert isinstance(field, fields.Nested)
    if field.many or field.only or field.exclude or field.unknown is not None:
        return None
    return _compile_schema(field.schema)


def _compile_list(field: fields.Field[Any]) -> Convert:
    assert isinstance(field, fields.List)
    convert_one = _nullable(field.inner)

    def convert(value: Any) -> Any:
        if type(value) is not list:
            raise _Unsure
        return [convert_one(one) for one in value]

    return convert


def _compile_dict(field: fields.Field[Any]) -> Convert | None:
    assert isinstance(field, fields.Dict)
    if field.mapping_type is not dict:
        return None
    convert_key = _nullable(field.key_field) if field.key_field else _unchanged
    convert_value = _nullable(field.value_field) if field.value_field else _unchanged

    def convert(value: Any) -> Any:
        if type(value) is not dict:
            raise _Unsure
        return {convert_key(key): convert_value(one) for key, one in value.items()}

    return convert


def _unchanged(value: Any) -> Any:
    return value


def _nullable(field: fields.Field[Any]) -> Convert:
    """A value inside a list or an object, which may be null where the field allows it."""
    _, _, convert, _, _, nullable = _row("", field)

    def convert_one(value: Any) -> Any:
        if value is not None:
            return convert(value)
        if not nullable:
            raise _Unsure
        return None

    return convert_one


_COMPILERS: dict[Any, Callable[[fields.Field[Any]], Convert | None]] = {
    fields.String._deserialize: _of_type(str),
    fields.Integer._deserialize: _compile_integer,
    fields.Boolean._deserialize: _of_type(bool),
    fields.Raw._deserialize: lambda _: _unchanged,
    fields.Nested._deserialize: _compile_nested,
    fields.List._deserialize: _compile_list,
    fields.Dict._deserialize: _compile_dict,
    Map._deserialize: _compile_dict,
}
"""By the method that loads, so that a subclass with a load of its own is left to marshmallow."""


def _compile_check(validator: Callable[[Any], Any]) -> Check:
    if type(validator) is validate.Length and validator.equal is None:
        least, most = validator.min or 0, validator.max
        return (lambda value: least <= len(value)) if most is None else (lambda value: least <= len(value) <= most)
    if type(validator) is validate.Regexp:
        match = validator.regex.match
        return lambda value: match(value) is not None
    if type(validator) is Shape:
        whole = validator.regex.fullmatch
        return lambda value: whole(value) is not None
    if type(validator) is validate.OneOf:
        choices = list(validator.choices)
        return lambda value: value in choices

    def judge(value: Any) -> bool:
        validator(value)  # raises ValidationError
        return True

    return judge
