"""Where marshmallow's own pieces let something slip through, or name a fault in a place that nobody sent."""

from typing import Any

from marshmallow import ValidationError, fields, validate


class Shape(validate.Regexp):
    """A code of a known shape, from its first character to its last: `$` alone would let a line end slip through.

    What is refused is told with a right example.
    """

    def __init__(self, pattern: str, example: str = "") -> None:
        super().__init__(pattern, error=f"Not of the shape of {example}." if example else None)

    def __call__(self, value: Any) -> Any:
        """Refuse what does not fit wholly."""
        if self.regex.fullmatch(value) is None:
            raise ValidationError(self.error)
        return value


class Map(fields.Dict):
    """An object of free names; what is wrong stands under its name, not under `name.value`."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        try:
            return super()._deserialize(value, attr, data, **kwargs)  # type: ignore[no-untyped-call]  # theirs is not
        except ValidationError as error:
            if not isinstance(error.messages, dict):
                raise
            flat = {name: told.get("value", told.get("key")) for name, told in error.messages.items()}
            raise ValidationError(flat, valid_data=error.valid_data) from error
