"""An example of every schema, put together from the examples of its fields."""

from typing import Any

from marshmallow import Schema, fields, missing

_BY_TYPE: tuple[tuple[type[fields.Field[Any]], Any], ...] = (
    (fields.Boolean, True),
    (fields.Integer, 1),
    (fields.Float, 1.0),
    (fields.AwareDateTime, "2026-10-05T08:00:00+07:00"),
    (fields.DateTime, "2026-10-05T08:00:00+07:00"),
    (fields.Date, "2026-10-05"),
    (fields.Email, "an@example.vn"),
    (fields.String, "…"),
    (fields.Dict, {}),
)


def example_of(schema: type[Schema] | Schema) -> dict[str, Any]:
    """An example as a caller would see it."""
    instance = schema() if isinstance(schema, type) else schema
    return {field.data_key or name: _example(field) for name, field in instance.fields.items()}


def _example(field: fields.Field[Any]) -> Any:
    if "example" in field.metadata:
        return field.metadata["example"]
    if isinstance(field, fields.Nested):
        return [example_of(field.schema)] if field.many else example_of(field.schema)
    if isinstance(field, fields.List):
        return [_example(field.inner)]
    if field.load_default is not missing and not callable(field.load_default):
        return field.load_default
    if field.allow_none:
        return None
    return next((value for kind, value in _BY_TYPE if isinstance(field, kind)), None)
