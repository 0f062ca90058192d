"""The centre's end: who asks with a good signature, freshly, once and not too often, is answered; nobody else is.

Nothing that a stranger sends is answered or remembered, and no answer is longer than its question.
"""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from services.conference_booking.probe.packets import (
    Answer,
    Malformed,
    Question,
    claimed_endpoint,
    key_of,
    read_question,
    write_answer,
)

FRESH = 60_000_000
"""How far a question's time may be off, in microseconds; what is older cannot be played again."""

REMEMBERED = 2 * FRESH + 1_000_000
"""How long a session is remembered after its last packet: longer than anything of it is fresh."""

WINDOW = 4096
"""Numbers behind the highest of a session in which a late packet still counts."""

SESSIONS = 512
"""Sessions of one endpoint that are remembered; beyond them no new one begins."""

ENDPOINTS = 10_000
AT_ONCE_SECONDS = 5
"""How many seconds' worth of packets an endpoint may send at once."""


TELL_EVERY = 1_000_000
"""Microseconds between two answers to one whose clock is off."""


class Refused(Exception):
    """A packet that proved itself and is not answered all the same; why."""


@dataclass(slots=True)
class Session:
    """What arrived of a session: the highest number, those just below it as bits, and how many."""

    highest: int = -1
    seen: int = 0
    count: int = 0
    last: int = 0

    def take(self, number: int) -> bool:
        """Count a packet; False when it was here already, or is too old to say."""
        ahead = number - self.highest
        if ahead > 0:
            self.seen = (self.seen << min(ahead, WINDOW) | 1) & ((1 << WINDOW) - 1)
            self.highest = number
        elif -ahead >= WINDOW or self.seen >> -ahead & 1:
            return False
        else:
            self.seen |= 1 << -ahead
        self.count += 1
        return True


@dataclass(slots=True)
class Peer:
    """An endpoint that has proved itself: its key, its sessions in order of their last packets, what it may send."""

    key: bytes
    left: float
    filled: int
    tell_again: int = 0
    sessions: "OrderedDict[bytes, Session]" = field(default_factory=OrderedDict)


class Reflector:
    """Answers questions; `per_second` is how many packets one endpoint may send, `now` tells microseconds."""

    def __init__(self, secrets: Sequence[bytes], now: Callable[[], int], per_second: int) -> None:
        self._secrets = list(secrets)
        self._now = now
        self._per_second = per_second
        self._peers: OrderedDict[str, Peer] = OrderedDict()
        self.refused: dict[str, int] = dict.fromkeys(("malformed", "too_often", "again"), 0)
        self.answered = 0

    def answer(self, packet: bytes) -> bytes | None:
        """What is sent back, if anything."""
        arrived = self._now()
        try:
            peer, question = self._proved(packet, arrived)
            told = self._off(peer, question, arrived) or self._count(peer, question, arrived)
        except Malformed:
            self.refused["malformed"] += 1
        except Refused as refused:
            self.refused[refused.args[0]] += 1
        else:
            self.answered += 1
            return write_answer(question, told, peer.key, len(packet))
        return None

    def _off(self, peer: Peer, question: Question, now: int) -> Answer | None:
        """Tell the time to whoever's clock is off, seldom: an old packet played again gets no more than that."""
        if abs(question.stamp - now) <= FRESH:
            return None
        if now < peer.tell_again:
            raise Refused("too_often")
        peer.tell_again = now + TELL_EVERY
        return Answer(question.session, question.number, now, self._now(), 0, off=True)

    def _count(self, peer: Peer, question: Question, now: int) -> Answer:
        """Count what is new; only that uses up what the endpoint may send."""
        session = self._session(peer, question.session, now)
        if not session.take(question.number):
            raise Refused("again")
        gained = max(now - peer.filled, 0) * self._per_second / 1_000_000
        peer.left, peer.filled = min(peer.left + gained, self._per_second * AT_ONCE_SECONDS), now
        if peer.left < 1:
            raise Refused("too_often")
        peer.left -= 1
        return Answer(question.session, question.number, now, self._now(), session.count)

    def _proved(self, packet: bytes, now: int) -> tuple[Peer, Question]:
        """Who asks and what; an endpoint is remembered only once its signature was good."""
        endpoint = claimed_endpoint(packet)
        peer = self._peers.get(endpoint)
        if peer is not None:
            try:
                question = read_question(packet, peer.key)
            except Malformed:
                peer = None  # perhaps by another of the secrets, while they change
            else:
                self._peers.move_to_end(endpoint)
                return peer, question
        for secret in self._secrets:
            key = key_of(secret, endpoint)
            try:
                question = read_question(packet, key)
            except Malformed:
                continue
            before = self._peers.get(endpoint)
            peer = before or Peer(key, self._per_second * AT_ONCE_SECONDS, now)
            peer.key = key
            self._peers[endpoint] = peer
            if len(self._peers) > ENDPOINTS:
                self._peers.popitem(last=False)
            return peer, question
        raise Malformed

    @staticmethod
    def _session(peer: Peer, name: bytes, now: int) -> Session:
        """The session of this name, a new one if it may begin."""
        while peer.sessions and now - next(iter(peer.sessions.values())).last > REMEMBERED:
            peer.sessions.popitem(last=False)
        session = peer.sessions.get(name)
        if session is None:
            if len(peer.sessions) >= SESSIONS:
                raise Refused("too_often")
            session = peer.sessions[name] = Session()
        session.last = now
        peer.sessions.move_to_end(name)
        return session
