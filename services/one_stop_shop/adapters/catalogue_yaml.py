"""Reads a YAML file as plain data and remembers on which line everything stands.

Only text, whole numbers, true/false and empty are recognised: `1.001193` and `15:00` stay the text they are, a
key that stands twice is refused instead of silently lost.
"""

import re
from typing import Any

import yaml


class _Loader(yaml.CSafeLoader):
    """A safe loader without YAML 1.1's floats, dates, sexagesimals, and `no` meaning false."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012 (PyYAML's own name)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """Refuse a key that stands twice."""
        mapping: dict[Any, Any] = {}
        for key_node, value_node in node.value:
            key = self.construct_object(key_node, deep=True)
            if key in mapping:
                raise yaml.constructor.ConstructorError(None, None, f"“{key}” stands here twice", key_node.start_mark)
            mapping[key] = self.construct_object(value_node, deep=True)
        return mapping


_Loader.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"^-?(0|[1-9]\d*)$"), list("-0123456789"))
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(true|false)$"), list("tf"))
_Loader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"^(null|~|)$"), ["n", "~", ""])


class Document:
    """The plain content of one file; `line` finds where a dotted path stands in it."""

    def __init__(self, text: str) -> None:
        loader = _Loader(text)
        try:
            self._root = loader.get_single_node()
            self.content: Any = loader.construct_document(self._root) if self._root else None
        finally:
            loader.dispose()

    def line(self, path: str) -> int:
        """The line of the deepest part of the path that the file has."""
        node = self._root
        line = 1
        for name in path.split(".") if path else []:
            found = _child(node, name)
            if found is None:
                break
            node, line = found
        return line


def _child(node: Any, name: str) -> tuple[Any, int] | None:
    if isinstance(node, yaml.SequenceNode) and name.isdigit() and int(name) < len(node.value):
        child = node.value[int(name)]
        return child, child.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == name:
                return value, key.start_mark.line + 1
    return None
