"""Stored documents as a verifier finds them: each can be read, whatever byte was altered, and nothing passes for sound.

A digest is over values, and the same value may be stored in another form: text as a symbol or as code, a null as
"undefined", a list under other numbers, one field twice. Such a form hides a document from indexes and conditions. So
what is read is compared with its own encoding, and where they differ a mark is put, which no digest fits.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast

import bson
from bson.codec_options import CodecOptions, DatetimeConversion
from bson.errors import BSONError
from bson.int64 import Int64
from bson.raw_bson import RawBSONDocument
from pymongo.collection import Collection

from shared.persistence import Document

MARK = "not in a form that is ever written"
"""The field that stands beside, or instead of, what is stored in a form of which no writer here makes use."""

_WRITTEN = frozenset({str, int, Int64, float, bool, type(None), datetime})
_RAW: CodecOptions[RawBSONDocument] = CodecOptions(
    document_class=RawBSONDocument,
    tz_aware=True,
    unicode_decode_error_handler="replace",
    datetime_conversion=DatetimeConversion.DATETIME_CLAMP,
)
_TOLERANT = cast("CodecOptions[Document]", _RAW.with_options(document_class=dict))


def raw(collection: Collection[Document]) -> Collection[RawBSONDocument]:
    """A collection that gives its documents undecoded, for `as_found`."""
    return cast("Collection[RawBSONDocument]", collection.with_options(codec_options=cast(Any, _RAW)))


def as_found(stored: RawBSONDocument) -> Document:
    """A document, with a mark on it and at each place below that is stored in a form that is never written.

    Letters that are none become U+FFFD, moments beyond the calendar its first or last one.
    """
    whole = bytes(stored.raw)
    try:
        found: Document = bson.decode(whole, _TOLERANT)
        if _is_written(found) and bson.encode(found) == whole:
            return found
    except BSONError:
        pass
    return _marked(RawBSONDocument(whole, _RAW)) | {MARK: True}


def _is_written(value: Any) -> bool:
    """Whether all values in it are of the types that are ever written."""
    if type(value) is dict:
        return all(map(_is_written, value.values()))
    if type(value) is list:
        return all(map(_is_written, value))
    return type(value) in _WRITTEN


def _marked(stored: RawBSONDocument) -> Document:
    """One level of a document, marked when its own form is altered, and so each level below it."""
    level: Mapping[str, Any] = {}
    try:
        level = dict(stored)
        sound = bson.encode(level) == stored.raw
    except BSONError:
        sound = False
    found = {name: _marked_value(value) for name, value in level.items()}
    return found if sound else found | {MARK: True}


def _marked_value(value: Any) -> Any:
    if isinstance(value, RawBSONDocument):
        return _marked(value)
    if isinstance(value, list):
        return [_marked_value(one) for one in value]
    return value if type(value) in _WRITTEN else {MARK: type(value).__name__}
