"""The endpoint's end: sends questions over one line, evenly or as a train, and notes which answers come back when."""

import secrets
import select
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from services.conference_booking.probe.figures import Came, Figures, figures_of, throughput
from services.conference_booking.probe.packets import (
    FULL,
    LARGEST,
    SMALLEST,
    Answer,
    Malformed,
    Question,
    read_answer,
    write_question,
)
from services.conference_booking.probe.room import give_room

PATIENCE = 1.0
"""Seconds after the last question in which answers still count; what takes longer is lost to a meeting anyway."""

TRAIN_SIZE = 1200
OVERHEAD = 28
"""Bytes of IP and UDP before each packet."""

DSCP_AF41 = 34 << 2
"""Marked as video, so that what is measured is what a meeting gets."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an endpoint: by which address or interface packets leave, if the system's choice is not the one."""

    kind: str
    source: str = ""
    interface: str = ""


@dataclass(frozen=True, slots=True)
class Throughput:
    """Megabits a second on either way, None where too little came to tell."""

    there: float | None
    back: float | None


class Asker:
    """Questions from one endpoint to the centre over one line."""

    def __init__(self, endpoint: str, key: bytes, reflector: tuple[str, int], line: Line) -> None:
        self.line = line
        self._endpoint, self._key, self._reflector = endpoint, key, reflector
        self._off = 0

    @property
    def off(self) -> timedelta:
        """How far this machine's clock is behind the centre's, as far as the centre has said so."""
        return timedelta(microseconds=self._off)

    def sample(self, packets: int, seconds: float, stopping: Callable[[], bool] = lambda: False) -> Figures:
        """So many packets, evenly over so many seconds; a line that is away loses all of them."""
        try:
            with self._open() as place:
                sent, came = self._exchange(place, packets, seconds / packets, SMALLEST, SMALLEST, stopping)
        except OSError:  # no address, no way, or the far end's name has none
            sent, came = dict.fromkeys(range(packets), 0), []
        return figures_of(sent, came)

    def train(self, packets: int) -> Throughput:
        """A short train of long packets, answered as long: how far it is drawn out on either way."""
        try:
            with self._open() as place:
                _, came = self._exchange(place, packets, 0.0, TRAIN_SIZE, FULL, lambda: False)
        except OSError:
            return Throughput(None, None)
        whole = TRAIN_SIZE + OVERHEAD
        return Throughput(
            throughput([one.answer.arrived for one in came], whole), throughput([one.at for one in came], whole)
        )

    def _open(self) -> socket.socket:
        family, kind, protocol, _, address = socket.getaddrinfo(*self._reflector, type=socket.SOCK_DGRAM)[0]
        place = socket.socket(family, kind, protocol)
        try:
            give_room(place)
            if family == socket.AF_INET:
                place.setsockopt(socket.IPPROTO_IP, socket.IP_TOS, DSCP_AF41)
            if self.line.interface:
                place.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, self.line.interface.encode() + b"\0")
            if self.line.source:
                place.bind((self.line.source, 0))
            place.connect(address)
            place.setblocking(False)
        except OSError:
            place.close()
            raise
        return place

    def _exchange(
        self, place: socket.socket, packets: int, gap: float, size: int, answer: int, stopping: Callable[[], bool]
    ) -> tuple[dict[int, int], list[Came]]:
        """Send a session; what was sent when, and what came back when, in microseconds."""
        session, sent, came = secrets.token_bytes(8), dict[int, int](), dict[int, Came]()
        begin = time.monotonic()
        for number in range(packets):
            self._gather(place, session, came, until=begin + number * gap)
            if stopping():
                break
            stamp = time.time_ns() // 1000 + self._off
            question = Question(self._endpoint, session, number, stamp, answer)
            packet = write_question(question, self._key, size)
            sent[number] = _now()
            try:
                place.send(packet)
            except OSError:
                continue  # a queue that is full, or nobody at the other end: lost like on any other part of the way
        self._gather(place, session, came, until=time.monotonic() + PATIENCE, enough=len(sent))
        return sent, list(came.values())

    def _gather(
        self, place: socket.socket, session: bytes, came: dict[int, Came], *, until: float, enough: int | None = None
    ) -> None:
        """Take in what arrives until a moment, or until all is there."""
        while True:
            rest = until - time.monotonic()
            if (enough is not None and len(came) >= enough) or not select.select([place], [], [], max(rest, 0))[0]:
                return
            try:
                packet = place.recv(LARGEST + 1)
                at = _now()
                answer = read_answer(packet, self._key)
            except (OSError, Malformed):  # refused by the far end's system, or a stranger's
                continue
            if answer.session == session:
                self._take(answer, at, came)
            if rest <= 0 and enough is None:
                return

    def _take(self, answer: Answer, at: int, came: dict[int, Came]) -> None:
        if answer.off:
            self._off = answer.arrived - time.time_ns() // 1000
        else:
            came.setdefault(answer.number, Came(answer, at))


def _now() -> int:
    return time.monotonic_ns() // 1000
