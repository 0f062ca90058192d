"""Reads YAML files as plain data, remembers on which line everything stands, and names what is wrong with a shape.

Only text, whole numbers, true/false and empty are recognised: `1.001193` and `15:00` stay the text they are, a
key that stands twice is refused instead of silently lost.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import yaml
from marshmallow import Schema, fields

from shared.contracts.shapes import Shape
from shared.set_up import NotSetUp

QUOTE = "; on this line or the one before, put a text in quotes when it holds : , { [ or #"


class DataFileError(NotSetUp):
    """A data file has mistakes; `problems` names each with file, line, path and reason."""


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


class DataFile:
    """One opened file, which reports mistakes with its name and the line."""

    def __init__(self, name: str, document: Document, problems: list[str]) -> None:
        self.name = name
        self.content = document.content
        self._document = document
        self._problems = problems

    def report(self, path: str, reason: str) -> None:
        """Note one mistake: file, line, path, reason."""
        path = path.rstrip(".")
        self._problems.append(f"{self.name}:{self._document.line(path)}: {path + ': ' if path else ''}{reason}")


def open_file(path: Path, name: str, problems: list[str]) -> DataFile | None:
    """The file, to be known by this name; None, with the reason among the problems, when it cannot be read."""
    try:
        return DataFile(name, Document(path.read_text(encoding="utf-8")), problems)
    except FileNotFoundError:
        problems.append(f"{name}: this file is missing")
    except UnicodeDecodeError:
        problems.append(f"{name}: save this file as UTF-8")
    except yaml.reader.ReaderError as error:
        problems.append(f"{name}: no text holds the character U+{error.character:04X}; remove it")
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        hint = QUOTE if isinstance(error, yaml.scanner.ScannerError | yaml.parser.ParserError) else ""
        problems.append(f"{name}:{line}: {error.problem or error.context}{hint}")
    return None


def read_shaped(path: Path, shape: Schema, contradictions: Callable[[Any], Iterable[tuple[str, str]]]) -> Any:
    """The content of a file that has this shape and, where it has, nothing that contradicts itself.

    Raises:
        DataFileError: naming every mistake.
    """
    problems: list[str] = []
    file = open_file(path, path.name, problems)
    if file is not None:
        for where, reason in shape_problems(shape, file.content or {}):
            file.report(where, reason)
        if not problems:
            for where, reason in contradictions(file.content):
                file.report(where, reason)
    if file is None or problems:
        raise DataFileError(*problems)
    return file.content


_SHAPED = re.compile(r"Not of the shape of (.*)\.")
_WORDS = {
    "Field may not be null.": "this is empty",
    "Missing data for required field.": "this is missing",
    "Not a valid boolean.": "write true or false",
    "Not a valid integer.": "write a whole number",
    "Not a valid list.": "write a list, one line with a dash for each",
    "Not a valid string.": "write a text, in quotes if it looks like a number",
    "Unknown field.": "there is no such name here",
}


def matching(pattern: str, example: str, *, required: bool = False) -> fields.String:
    """A text of this shape; the example is what a person is shown who writes something else."""
    return fields.String(required=required, validate=Shape(pattern, example), metadata={"example": example})


def shape_problems(shape: Schema, plain: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """What is wrong with the shape of `plain`, as dotted paths and words."""
    for path, message in _flatten(shape.validate(plain)):
        shaped = _SHAPED.fullmatch(message)
        yield path, f"write it such as “{shaped[1]}”" if shaped else _WORDS.get(message, message)


def _flatten(messages: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Marshmallow nests its messages as deep as the data."""
    if isinstance(messages, dict):
        for name, inner in messages.items():
            own = "" if name == "_schema" else str(name)
            yield from _flatten(inner, ".".join(part for part in (path, own) if part))
    else:
        for message in messages if isinstance(messages, list) else [messages]:
            yield path, str(message)
