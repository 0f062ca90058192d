"""The agent of a mail host on the bus: `python -m shared.messaging.run mail_host.service`.

Three green threads: one follows what rings, one does lengthy chores with files, one compares and tells the use. What
Dovecot and Postfix ask is answered from the start on, also while the broker is away.
"""

import sqlite3
import time
from collections.abc import Callable, Mapping
from typing import Any

import eventlet
from eventlet import tpool, wsgi
from eventlet.event import Event
from nameko.extensions import DependencyProvider
from prometheus_client import Counter, Gauge

from mail_host.accounts import Accounts
from mail_host.chores import Chores
from mail_host.converge import Converger
from mail_host.hooks import Hooks, answer_postfix, read_question
from mail_host.layout import ACCOUNTS, USAGE
from mail_host.policy import Limits, Policy
from mail_host.servers import Dovecot, Homes, Postfix
from mail_host.use import Usage, prepare_usage
from shared.contracts.email_provisioning.mail_host import agent_queue
from shared.contracts.principal import Principal
from shared.errors import Error
from shared.messaging import topology
from shared.messaging.asking import Asker
from shared.messaging.bells import Bells
from shared.messaging.consumer import QueueConsumer
from shared.messaging.container import Part
from shared.observability import logger, tracing
from shared.settings import Settings

log = logger(__name__)

DIRECTORY = "email_provisioning"
EXCHANGES = (f"{DIRECTORY}.mailbox", f"{DIRECTORY}.mail_group")
IDLE_SECONDS = 1.0
LEAST_PATIENCE, MOST_PATIENCE = 0.2, 30.0

FOLLOWED = Counter("mail_mailboxes_followed_total", "Mailboxes that were looked at because they changed.")
WAITING = Gauge("mail_mailboxes_waiting", "Mailboxes that rang and were not looked at yet.")
STATE = Gauge("mail_accounts", "Mailboxes here, changes not reported, chores not done.", ["what"])
DRIFT = Gauge("mail_drift", "How the host differed from the directory at the last comparison.", ["what"])


class Agent(Part):
    """Keeps one mail host as the directory wants it."""

    queue_consumer = QueueConsumer()
    stopping = False
    _waiter: Event | None = None

    def setup(self) -> None:
        """Open the files, answer the servers of this host, declare the queue; a broker that is away is waited for."""
        settings: Settings = self.container.config["settings"]
        self.settings = settings
        data = settings.mail_folder / "data"
        prepare_usage(data / USAGE)
        self.accounts = Accounts(data / ACCOUNTS)
        self.usage = Usage(self.accounts, data / USAGE)
        self._asker = Asker(settings.amqp_uri, name=f"mail agent {settings.mail_host}")
        self._usage_asker = Asker(settings.amqp_uri, name=f"mail agent {settings.mail_host} reports")
        self._principal = Principal(f"mail-host:{settings.mail_host}", settings.mail_host, frozenset()).to_dict()
        self.converger = Converger(settings.mail_host, self.accounts, self._ask)
        self.chores = self._make_chores(settings)
        self._serve(settings)
        queue = topology.bell_queue(agent_queue(settings.mail_host), EXCHANGES)
        self._declare(settings.amqp_uri, queue)
        self._bells = Bells(queue, self.queue_consumer, self._ring)
        self.queue_consumer.register_provider(self._bells)

    def _make_chores(self, settings: Settings) -> Chores:
        dovecot = Dovecot(settings.mail_control_url, settings.mail_control_key)
        homes = Homes(settings.mail_homes, settings.mail_archive, dovecot, tpool.execute)
        return Chores(self.accounts, dovecot, Postfix(settings.mail_postfix_command, tpool.execute), homes)

    def _declare(self, uri: str, queue: topology.QueueSpec) -> None:
        while True:
            try:
                return topology.declare_queues(uri, EXCHANGES, [queue])
            except OSError as error:
                log.warning("broker_unreachable", error=repr(error))
                eventlet.sleep(2)

    def _serve(self, settings: Settings) -> None:
        limits = Limits(
            settings.mail_tries_of_pair,
            settings.mail_tries_of_mailbox,
            settings.mail_tries_of_address,
            settings.mail_tries_minutes * 60,
        )
        hooks = Hooks(Policy(limits), self.accounts.mailbox_at, self.usage.note_sent)
        eventlet.spawn(wsgi.server, eventlet.listen(_place(settings.mail_hooks_bind)), hooks, log_output=False)
        eventlet.spawn(eventlet.serve, eventlet.listen(_place(settings.mail_posters_bind)), self._answer_postfix)

    def _answer_postfix(self, connection: Any, _: Any) -> None:
        with connection, connection.makefile("r", encoding="utf-8", errors="replace") as lines:
            while question := read_question(lines):
                connection.sendall(f"action={answer_postfix(question, self.accounts.may_post)}\n\n".encode())

    def start(self) -> None:
        """Start the loops."""
        self._loops = [
            self.container.spawn_managed_thread(self._follow, identifier="follow"),
            self.container.spawn_managed_thread(self._do_lengthy, identifier="lengthy chores"),
            self.container.spawn_managed_thread(self._compare, identifier="compare"),
            self.container.spawn_managed_thread(self._tell_usage, identifier="usage"),
        ]

    def checks(self) -> Mapping[str, Callable[[], bool]]:
        """The accounts can be read; a Dovecot that is away is no reason to stop following."""
        return {"accounts": self._accounts_answer}

    def _accounts_answer(self) -> bool:
        try:
            for what, count in self.accounts.count().items():
                STATE.labels(what).set(count)
        except sqlite3.Error as error:
            log.warning("accounts_not_ready", error=repr(error))
            return False
        return True

    def _ring(self, mailbox: str, settle: Callable[[], None]) -> None:
        self.converger.wanted.ring(mailbox, settle)
        WAITING.set(len(self.converger.wanted))
        self._wake()

    def _wake(self) -> None:
        waiter, self._waiter = self._waiter, None
        if waiter is not None and not waiter.ready():
            waiter.send()

    def _rest(self, seconds: float) -> None:
        """Wait until something rings, at most so long."""
        self._waiter = Event()
        with eventlet.Timeout(seconds, False):
            self._waiter.wait()

    def _follow(self) -> None:
        """Look after what rang; while the directory is away, chores go on and everything is kept."""
        patience = LEAST_PATIENCE
        while not self.stopping:
            try:
                with tracing():
                    FOLLOWED.inc(self.converger.follow_wanted())
                    self.chores.do_quick()
                    self.converger.report()
                patience = LEAST_PATIENCE
            except (Error, sqlite3.Error) as error:
                log.warning("directory_not_followed", reason=repr(error), retry_in=patience)
                self._do_quick_safely()
                eventlet.sleep(patience)
                patience = min(patience * 2, MOST_PATIENCE)
            WAITING.set(len(self.converger.wanted))
            if not self.converger.wanted:
                self._rest(IDLE_SECONDS)

    def _do_quick_safely(self) -> None:
        try:
            self.chores.do_quick()
        except sqlite3.Error as error:
            log.error("accounts_not_written", reason=repr(error))

    def _do_lengthy(self) -> None:
        while not self.stopping:
            try:
                if self.chores.do_lengthy():
                    self._wake()
                    continue
            except sqlite3.Error as error:
                log.error("accounts_not_written", reason=repr(error))
            eventlet.sleep(IDLE_SECONDS / 2)

    def _compare(self) -> None:
        """At the start, each hour, and whenever the broker came back: what rang meanwhile may have fallen off."""
        due, was_connected, lost = 0.0, False, False
        while not self.stopping:
            connected = self.queue_consumer.connected
            lost = lost or (was_connected and not connected)
            came_back, was_connected = connected and lost, connected
            if time.monotonic() >= due or came_back:
                try:
                    with tracing():
                        drift = self.converger.compare()
                    for what in ("missing", "surplus", "stale"):
                        DRIFT.labels(what).set(len(drift[what]))
                    due, lost = time.monotonic() + self.settings.mail_check_seconds, False
                    self._wake()
                except (Error, sqlite3.Error) as error:
                    log.warning("host_not_compared", reason=repr(error))
                    due = time.monotonic() + 5
            eventlet.sleep(IDLE_SECONDS)

    def _tell_usage(self) -> None:
        while not self.stopping:
            eventlet.sleep(self.settings.mail_usage_seconds)
            try:
                self.usage.tell(self.settings.mail_host, self._ask_beside)
            except (Error, sqlite3.Error) as error:
                log.warning("usage_not_told", reason=repr(error))

    def _ask(self, operation: str, request: Mapping[str, Any]) -> Any:
        return self._asker.ask(DIRECTORY, operation, request, self._principal, self.settings.rpc_timeout_seconds)

    def _ask_beside(self, operation: str, request: Mapping[str, Any]) -> Any:
        seconds = self.settings.rpc_timeout_seconds
        return self._usage_asker.ask(DIRECTORY, operation, request, self._principal, seconds)

    def drain(self) -> None:
        """Begin nothing new."""
        self.stopping = True
        self._wake()

    def stop(self) -> None:
        """Give back what rang and was not looked after, then close."""
        self.drain()
        with eventlet.Timeout(5, False):
            self._loops[0].wait()
        self._bells.give_back()
        self.queue_consumer.unregister_provider(self._bells)
        self._asker.close()
        self._usage_asker.close()
        self.accounts.close()


class Holder(DependencyProvider):  # type: ignore[misc]  # nameko publishes no types
    """Makes the agent part of the process; there are no workers that would use it."""

    agent = Agent()


class MailAgent:
    """The process: it offers nothing on the bus, it only listens and asks."""

    name = "mail_agent"
    does_without = ("mongo_uri",)
    holder = Holder()


def _place(bind: str) -> tuple[str, int]:
    address, _, port = bind.rpartition(":")
    return address, int(port)
