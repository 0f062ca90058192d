"""Bringing this host to where the directory wants it: ask what to do now, do it, tell that it is done."""

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from mail_host.accounts import Accounts, Report
from mail_host.instructions import Instruction, NotUnderstood, read_instruction
from shared.observability import logger

log = logger(__name__)

AT_ONCE = 500
"""Mailboxes per question and per transaction, as many as the directory answers for."""

Ask = Callable[[str, Mapping[str, Any]], Any]
"""Asks the directory by the name of an operation; raises `shared.errors.Error`."""
Settle = Callable[[], None]


@dataclass(slots=True)
class Wanted:
    """The mailboxes that have to be looked at, each with what to call when that is done; in their order."""

    _rung: dict[str, list[Settle]] = field(default_factory=dict)

    def ring(self, mailbox: str, settle: Settle | None = None) -> None:
        """Have a mailbox looked at."""
        self._rung.setdefault(mailbox, []).extend([settle] if settle else [])

    def take(self) -> dict[str, list[Settle]]:
        """The next to be looked at."""
        chosen = list(self._rung)[:AT_ONCE]
        return {mailbox: self._rung.pop(mailbox) for mailbox in chosen}

    def give_back(self, taken: Mapping[str, list[Settle]]) -> None:
        """They could not be looked at."""
        for mailbox, settles in taken.items():
            self._rung.setdefault(mailbox, []).extend(settles)

    def __len__(self) -> int:
        return len(self._rung)


class Converger:
    """Follows what is wanted and tells so; `ask` may fail at any time, then nothing is lost."""

    def __init__(self, host: str, accounts: Accounts, ask: Ask) -> None:
        self._host = host
        self._accounts = accounts
        self._ask = ask
        self.wanted = Wanted()

    def follow_wanted(self) -> int:
        """Ask for the next mailboxes that rang, follow them in one transaction, then let their bells go.

        Raises:
            Error: the directory does not answer; the bells are kept.
        """
        taken = self.wanted.take()
        if not taken:
            return 0
        try:
            answer = self._ask("read_mail_instructions", {"host": self._host, "mailboxes": list(taken)})
            self._follow(answer["items"])
        except BaseException:
            self.wanted.give_back(taken)
            raise
        for settle in (settle for settles in taken.values() for settle in settles):
            settle()
        return len(taken)

    def _follow(self, items: Iterable[Mapping[str, Any]]) -> None:
        good: list[Instruction] = []
        for item in items:
            try:
                good.append(read_instruction(item))
            except NotUnderstood as error:
                log.error("instruction_not_understood", mailbox=str(item.get("mailbox")), reason=str(error))
                self._accounts.refuse(str(item.get("mailbox")), _number(item.get("generation")), str(error))
        followed = self._accounts.follow(good)
        log.info("instructions_followed", asked=len(good), followed=followed)

    def report(self) -> int:
        """Tell what was applied and what could not be; answers how many.

        Raises:
            Error: the directory does not answer; it is told later.
        """
        reports = self._accounts.unreported(AT_ONCE)
        if reports:
            self._ask("report_mail_applied", {"host": self._host, "reports": [_told(each) for each in reports]})
            self._accounts.note_reported(reports)
        return len(reports)

    def compare(self) -> dict[str, Any]:
        """Compare everything with the directory, page by page; what differs is looked at, and told as drift.

        A mailbox that only this host knows is told and left alone: nothing is destroyed because a list is short.

        Raises:
            Error: the directory does not answer.
        """
        drift: dict[str, list[str]] = {"missing": [], "surplus": [], "stale": []}
        after, checked = "", 0
        while after is not None:
            page = self._ask("list_mail_instructions", {"host": self._host, "after": after, "limit": AT_ONCE})
            listed = {item["mailbox"]: item["generation"] for item in page["items"]}
            known = self._accounts.generations(after, page["next"])
            drift["missing"] += sorted(set(listed) - set(known))
            drift["surplus"] += sorted(
                mailbox for mailbox, generation in known.items() if generation > listed.get(mailbox, 0)
                and (mailbox in listed or self._accounts.is_present(mailbox))
            )  # fmt: skip
            drift["stale"] += sorted(
                mailbox for mailbox in set(listed) & set(known) if known[mailbox] < listed[mailbox]
            )
            checked += len(listed)
            after = page["next"]
        for mailbox in (*drift["missing"], *drift["stale"]):
            self.wanted.ring(mailbox)
        counts = {f"{name}_count": len(found) for name, found in drift.items()}
        log.info("host_compared", checked=checked, **counts)
        at = datetime.fromtimestamp(time.time(), UTC).isoformat()
        short = {name: found[:100] for name, found in drift.items()}
        self._ask("report_mail_drift", {"host": self._host, **short, **counts, "checked": checked, "at": at})
        return {**drift, "checked": checked}


def _told(report: Report) -> dict[str, Any]:
    return {"mailbox": report.mailbox, "generation": report.generation, "error": report.problem}


def _number(given: Any) -> int:
    return given if isinstance(given, int) else 0
