"""Doing the chores: quick ones with each change, lengthy ones beside them; what fails is tried again, ever later."""

import time
from collections.abc import Callable, Iterable

from mail_host.accounts import LENGTHY, Accounts, DueChore
from mail_host.following import Chore
from mail_host.servers import Dovecot, Homes, NotDone, Postfix
from shared.observability import logger

log = logger(__name__)

AT_ONCE = 500
AGAIN_SECONDS = 2.0
"""When sessions are ended once more: who was signing in when the account was closed has arrived by then."""
MOST_PATIENCE = 60.0


class Chores:
    """Does what is due."""

    def __init__(self, accounts: Accounts, dovecot: Dovecot, postfix: Postfix, homes: Homes) -> None:
        self._accounts = accounts
        self._dovecot, self._postfix = dovecot, postfix
        self._lengthy = {Chore.ARCHIVE: homes.put_away, Chore.RESTORE: homes.bring_back, Chore.PURGE: homes.destroy}

    def do_quick(self) -> None:
        """Sessions that must end, and what Postfix has to be told."""
        kicks = self._accounts.due_chores([Chore.KICK], AT_ONCE)
        if kicks and self._try(kicks, self._end_sessions):
            again = time.time() + AGAIN_SECONDS
            self._accounts.finish(kicks, [(each.mailbox, Chore.KICK_AGAIN, again) for each in kicks])
        once_more = self._accounts.due_chores([Chore.KICK_AGAIN], AT_ONCE)
        if once_more and self._try(once_more, self._end_sessions):
            self._accounts.finish(once_more)
        self._tell_postfix(Chore.RELOAD, self._postfix.reload)
        self._tell_postfix(Chore.FLUSH, self._postfix.flush)

    def _tell_postfix(self, kind: Chore, tell: Callable[[], None]) -> None:
        due = self._accounts.due_chores([kind], 1)
        if due and self._try(due, lambda _: tell()):
            self._accounts.finish(due)

    def do_lengthy(self) -> bool:
        """One archive, restoration or removal; whether there was one that was done."""
        due = self._accounts.due_chores(LENGTHY, 1)
        if not due or not self._try(due, lambda chores: self._lengthy[chores[0].kind](chores[0].mailbox)):
            return False
        then = [("", Chore.FLUSH, time.time())] if due[0].kind is Chore.RESTORE else []
        self._accounts.finish(due, then)
        log.info("mailbox_files_done", chore=due[0].kind, mailbox=due[0].mailbox)
        return True

    def _end_sessions(self, chores: Iterable[DueChore]) -> None:
        self._dovecot.end_sessions([chore.mailbox for chore in chores])

    def _try(self, chores: list[DueChore], act: Callable[[list[DueChore]], None]) -> bool:
        try:
            act(chores)
        except NotDone as error:
            wait = min(2.0 ** min(chores[0].attempts, 10), MOST_PATIENCE)
            log.warning("chore_failed", chore=chores[0].kind, mailboxes=len(chores), reason=str(error), retry_in=wait)
            self._accounts.postpone(chores, str(error), time.time() + wait)
            return False
        return True
