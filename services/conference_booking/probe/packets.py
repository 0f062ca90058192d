"""Questions and answers as they stand on the wire: a TWAMP-light test (RFC 5357, appendix I) that is signed.

As in a stateful reflector of STAMP (RFC 8762) the answer counts what has arrived of its session, which tells on which
way packets were lost. An answer is never longer than its question.
"""

import hmac
import struct
from dataclasses import dataclass

MAGIC = b"TCL1"
QUESTION, ANSWER, OFF = 1, 2, 3
"""A question; its answer; the answer to one whose clock is too far off, which only says what time it is."""

_ALL = struct.Struct(">4sBxH40s8sIQ")
_BACK = struct.Struct(">QQI")
TAG = 16
SMALLEST = _ALL.size + _BACK.size + TAG
"""A question has room for its answer already."""

LARGEST = 1400
FULL = 0
"""No size asked for: as long as the question."""

_KEY = b"truc-chung line probe 1 "


@dataclass(frozen=True, slots=True)
class Question:
    """One packet of a session; `stamp` is the reflector's time in microseconds, as far as the sender knows it.

    `answer` is the length of the answer, which is cut down to that of the question; the shortest by default.
    """

    endpoint: str
    session: bytes
    number: int
    stamp: int
    answer: int = SMALLEST


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a question: when it arrived and left again in microseconds, and how many had come by then."""

    session: bytes
    number: int
    arrived: int
    left: int
    count: int
    off: bool = False


class Malformed(Exception):
    """No packet of ours, or not signed with this key."""


def key_of(secret: bytes, endpoint: str) -> bytes:
    """An endpoint's own key, out of the centre's secret: the centre keeps no list, and no endpoint knows another's."""
    return hmac.digest(secret, _KEY + endpoint.encode(), "sha256")


def write_question(question: Question, key: bytes, size: int = SMALLEST) -> bytes:
    """A question of this many bytes."""
    head = _head(QUESTION, question.answer, question, question.stamp)
    return _signed(head.ljust(size - TAG, b"\0"), key)


def claimed_endpoint(packet: bytes) -> str:
    """The endpoint that a question names, which nothing has proved yet.

    Raises:
        Malformed: it is no question.
    """
    if not SMALLEST <= len(packet) <= LARGEST or packet[:5] != MAGIC + bytes([QUESTION]):
        raise Malformed
    try:
        return _endpoint(packet)
    except UnicodeDecodeError as error:
        raise Malformed from error


def _endpoint(packet: bytes) -> str:
    return packet[8:48].rstrip(b"\0").decode("ascii")


def read_question(packet: bytes, key: bytes) -> Question:
    """A question whose signature is good.

    Raises:
        Malformed: it is not.
    """
    _check(packet, key)
    _, _, size, _, session, number, stamp = _ALL.unpack_from(packet)
    return Question(_endpoint(packet), session, number, stamp, size)


def write_answer(question: Question, answer: Answer, key: bytes, room: int) -> bytes:
    """The answer to a question that had `room` bytes."""
    kind = OFF if answer.off else ANSWER
    body = _head(kind, 0, question, question.stamp) + _BACK.pack(answer.arrived, answer.left, answer.count)
    size = room if question.answer == FULL else min(max(question.answer, SMALLEST), room)
    return _signed(body.ljust(size - TAG, b"\0"), key)


def read_answer(packet: bytes, key: bytes) -> Answer:
    """An answer whose signature is good.

    Raises:
        Malformed: it is not, or it is no answer.
    """
    if not SMALLEST <= len(packet) <= LARGEST or packet[:4] != MAGIC or packet[4] not in (ANSWER, OFF):
        raise Malformed
    _check(packet, key)
    _, kind, _, _, session, number, _ = _ALL.unpack_from(packet)
    arrived, left, count = _BACK.unpack_from(packet, _ALL.size)
    return Answer(session, number, arrived, left, count, kind == OFF)


def _head(kind: int, size: int, question: Question, stamp: int) -> bytes:
    return _ALL.pack(MAGIC, kind, size, question.endpoint.encode(), question.session, question.number, stamp)


def _signed(body: bytes, key: bytes) -> bytes:
    return body + hmac.digest(key, body, "sha256")[:TAG]


def _check(packet: bytes, key: bytes) -> None:
    if not hmac.compare_digest(packet[-TAG:], hmac.digest(key, packet[:-TAG], "sha256")[:TAG]):
        raise Malformed
