"""How many wrong passwords are too many: counted per mailbox and address, so that no office waits for one colleague.

A program that repeats one old password counts once, however often it tries. Three limits, each over the same time:
different passwords of one address for one mailbox; of all addresses for one mailbox, which then only opens to
addresses that it was signed in from before; and of an address from which nobody signs in. An address where people do
sign in, such as an office behind one address, is never refused as a whole.
"""

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass

MOST_REMEMBERED = 50_000
KNOWN_SECONDS = 30 * 86_400.0
"""How long an address counts as one that a mailbox was signed in from."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Different wrong passwords that are allowed within some seconds."""

    of_pair: int = 10
    of_mailbox: int = 50
    of_address: int = 30
    seconds: float = 900.0


class _Tries:
    """Different wrong passwords by what they were tried for, each with the moment it was tried last."""

    def __init__(self) -> None:
        self._marks: OrderedDict[Hashable, dict[str, float]] = OrderedDict()

    def note(self, key: Hashable, mark: str, now: float) -> None:
        """Remember a wrong password; who floods us with names must not fill the memory."""
        self._marks.setdefault(key, {})[mark] = now
        self._marks.move_to_end(key)
        if len(self._marks) > MOST_REMEMBERED:
            self._marks.popitem(last=False)

    def count(self, key: Hashable, since: float) -> int:
        """How many different ones were tried since a moment; those before are forgotten."""
        marks = self._marks.get(key, {})
        for mark in [mark for mark, at in marks.items() if at < since]:
            del marks[mark]
        return len(marks)

    def forget(self, key: Hashable) -> None:
        """Begin anew."""
        self._marks.pop(key, None)


class _Seen:
    """When something was seen last."""

    def __init__(self) -> None:
        self._at: OrderedDict[Hashable, float] = OrderedDict()

    def note(self, key: Hashable, now: float) -> None:
        """It is seen now."""
        self._at[key] = now
        self._at.move_to_end(key)
        if len(self._at) > MOST_REMEMBERED:
            self._at.popitem(last=False)

    def since(self, key: Hashable, moment: float) -> bool:
        """Whether it was seen after a moment."""
        return self._at.get(key, float("-inf")) > moment


class Policy:
    """Keeps the counts in memory: after a restart all begin anew."""

    def __init__(self, limits: Limits, now: Callable[[], float] = time.monotonic) -> None:
        self._limits = limits
        self._now = now
        self._of_pair, self._of_mailbox, self._of_address = _Tries(), _Tries(), _Tries()
        self._known, self._at_home = _Seen(), _Seen()

    def refuses(self, login: str, address: str) -> str:
        """Why this address may not even try for this mailbox now; empty when it may."""
        login, now = login.lower(), self._now()
        since, limits = now - self._limits.seconds, self._limits
        if self._of_pair.count((login, address), since) >= limits.of_pair:
            return "too many wrong passwords for this mailbox from this address"
        if self._known.since((login, address), now - KNOWN_SECONDS):
            return ""
        if self._of_mailbox.count(login, since) >= limits.of_mailbox:
            return "too many wrong passwords for this mailbox"
        if self._at_home.since(address, now - KNOWN_SECONDS):
            return ""
        if self._of_address.count(address, since) >= limits.of_address:
            return "too many wrong passwords from this address"
        return ""

    def note(self, login: str, address: str, password_mark: str, *, success: bool) -> None:
        """Remember the outcome of a try; `password_mark` tells passwords apart without being one."""
        login, now = login.lower(), self._now()
        if success:
            self._of_pair.forget((login, address))
            self._known.note((login, address), now)
            self._at_home.note(address, now)
            return
        self._of_pair.note((login, address), password_mark, now)
        self._of_mailbox.note(login, f"{address} {password_mark}", now)
        self._of_address.note(address, f"{login} {password_mark}", now)
