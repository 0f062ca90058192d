"""The reflector answers who has a good signature, freshly, once and not too often, and never at greater length."""

import struct
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.conference_booking.probe.packets import (
    FULL,
    LARGEST,
    SMALLEST,
    Malformed,
    Question,
    key_of,
    read_answer,
    write_question,
)
from services.conference_booking.probe.reflecting import AT_ONCE_SECONDS, FRESH, SESSIONS, TELL_EVERY, WINDOW, Reflector

SECRET, FORMER = b"bi-mat-cua-trung-tam", b"bi-mat-cu"
KEY = key_of(SECRET, "th-05")
NOW = 1_800_000_000_000_000
SESSION = b"phien--1"
PER_SECOND = 100


@dataclass
class Clock:
    now: int = NOW

    def __call__(self) -> int:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def reflector(clock: Clock) -> Reflector:
    return Reflector([SECRET, FORMER], clock, PER_SECOND)


def ask(number: int = 0, size: int = SMALLEST, key: bytes = KEY, **changed: object) -> bytes:
    question = {"endpoint": "th-05", "session": SESSION, "number": number, "stamp": NOW, "answer": SMALLEST, **changed}
    return write_question(Question(**question), key, size)  # type: ignore[arg-type]  # each as it is named


def test_a_question_is_answered_with_when_it_came_and_how_many_had(reflector: Reflector, clock: Clock) -> None:
    for count, number in enumerate((0, 1, 4), start=1):
        clock.now += 10
        answer = read_answer(reflector.answer(ask(number)) or b"", KEY)
        assert (answer.number, answer.count, answer.arrived, answer.session) == (number, count, clock.now, SESSION)


@given(st.integers(SMALLEST, LARGEST), st.integers(0, 65535))
def test_no_answer_is_longer_than_its_question(size: int, wished: int) -> None:
    answer = Reflector([SECRET], lambda: NOW, PER_SECOND).answer(ask(size=size, answer=wished))
    assert answer is not None
    assert SMALLEST <= len(answer) <= size
    assert len(answer) == (size if wished == FULL else min(max(wished, SMALLEST), size))


@given(st.binary(max_size=LARGEST + 50))
def test_a_stranger_gets_nothing_and_is_not_remembered(packet: bytes) -> None:
    reflector = Reflector([SECRET], lambda: NOW, PER_SECOND)
    assert reflector.answer(packet) is None
    assert not reflector._peers


@given(st.integers(0, SMALLEST - 1), st.integers(1, 255))
def test_a_packet_with_any_byte_altered_gets_nothing(place: int, change: int) -> None:
    packet = bytearray(ask())
    packet[place] ^= change
    assert Reflector([SECRET], lambda: NOW, PER_SECOND).answer(bytes(packet)) is None


@given(st.integers(0, SMALLEST - 1), st.integers(1, 255))
def test_an_answer_with_any_byte_altered_is_not_believed(place: int, change: int) -> None:
    answer = bytearray(Reflector([SECRET], lambda: NOW, PER_SECOND).answer(ask()) or b"")
    answer[place] ^= change
    with pytest.raises(Malformed):
        read_answer(bytes(answer), KEY)


def test_no_endpoint_can_speak_for_another(reflector: Reflector) -> None:
    assert reflector.answer(ask(key=key_of(SECRET, "th-06"))) is None
    assert reflector.answer(ask(key=key_of(SECRET, "th-06"), endpoint="th-06")) is not None


def test_a_former_secret_holds_while_keys_are_exchanged_in_either_order(reflector: Reflector) -> None:
    old = key_of(FORMER, "th-05")
    for number, key in enumerate((old, KEY, old, KEY)):
        assert read_answer(reflector.answer(ask(number, key=key)) or b"", key).count == number + 1
    assert Reflector([SECRET], lambda: NOW, PER_SECOND).answer(ask(key=old)) is None


def test_what_was_here_is_not_answered_again(reflector: Reflector) -> None:
    assert reflector.answer(ask(7)) is not None
    assert reflector.answer(ask(7)) is None
    assert reflector.answer(ask(6)) is not None, "out of order, and new"
    assert reflector.refused["again"] == 1


@given(st.lists(st.integers(0, 3 * WINDOW), max_size=200))
def test_each_number_counts_once_whatever_the_order(numbers: list[int]) -> None:
    reflector = Reflector([SECRET], lambda: NOW, 10_000)
    told = [number for number in numbers if reflector.answer(ask(number)) is not None]
    assert len(told) == len(set(told))
    highest = -1
    for number in numbers:  # nothing but what is far behind is left out
        if number > highest - WINDOW:
            assert number in told
        highest = max(highest, number)


def test_replayed_packets_use_up_nothing(reflector: Reflector) -> None:
    first = ask(0)
    assert reflector.answer(first) is not None
    for _ in range(10 * PER_SECOND):
        assert reflector.answer(first) is None
    assert reflector.answer(ask(1)) is not None


def test_an_endpoint_may_send_so_much_and_no_more(reflector: Reflector, clock: Clock) -> None:
    answered = sum(reflector.answer(ask(number)) is not None for number in range(1000))
    assert answered == PER_SECOND * AT_ONCE_SECONDS
    clock.now += 1_000_000
    answered = sum(reflector.answer(ask(number, stamp=clock.now)) is not None for number in range(1000, 2000))
    assert answered == PER_SECOND


def test_who_sends_too_much_harms_nobody_else(reflector: Reflector) -> None:
    for number in range(1000):
        reflector.answer(ask(number))
    assert reflector.answer(ask(endpoint="th-06", key=key_of(SECRET, "th-06"))) is not None


@pytest.mark.parametrize("off", [-FRESH - 1, FRESH + 1])
def test_who_has_the_wrong_time_is_told_it_and_nothing_is_counted(reflector: Reflector, clock: Clock, off: int) -> None:
    answer = read_answer(reflector.answer(ask(stamp=NOW + off)) or b"", KEY)
    assert answer.off
    assert answer.arrived == NOW
    assert reflector.answer(ask(stamp=NOW + off)) is None, "seldom"
    clock.now += TELL_EVERY
    assert reflector.answer(ask(stamp=clock.now + off)) is not None
    assert read_answer(reflector.answer(ask(stamp=clock.now)) or b"", KEY).count == 1


def test_what_is_remembered_has_a_bound_and_is_forgotten_only_when_stale(reflector: Reflector, clock: Clock) -> None:
    def begin(number: int) -> bytes | None:
        return reflector.answer(ask(session=struct.pack(">Q", number), stamp=clock.now))

    for number in range(SESSIONS):
        clock.now += 1_000_000 // PER_SECOND
        assert begin(number) is not None
    assert begin(SESSIONS) is None, "nothing that is fresh makes room: it could be played again"
    clock.now += 2 * FRESH + 2_000_000
    assert begin(SESSIONS) is not None
    assert len(reflector._peers["th-05"].sessions) == 1
