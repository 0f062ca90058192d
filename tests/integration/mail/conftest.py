"""One private mail host with its agent for all tests here, and a directory that they hold in their hands."""

import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from local.mail import MailHost, WithoutMail
from local.processes import Process
from local.starting import start, wait_ready
from tests.support import stack
from tests.support.mail_client import Mailer, hashed
from tests.support.mail_directory import Directory, directory
from tests.support.proxy import Proxy, proxied


@dataclass
class Post:
    """A running mail host: its directory, its agent, its servers and a mail program."""

    directory: Directory
    host: MailHost
    agent: Process
    mailer: Mailer
    broker: Proxy

    def officer(self, address: str, **wanted: object) -> str:
        """A mailbox that works, with the password `right`; answers its identifier."""
        mailbox = self.directory.want(addresses=[address], password=hashed("right"), **wanted)
        self.settled(mailbox)
        return mailbox

    def change(self, mailbox: str, **changes: object) -> None:
        """Change a mailbox and wait until the host has it."""
        self.directory.want(mailbox, **changes)
        self.settled(mailbox)

    def settled(self, *mailboxes: str, seconds: float = 30) -> None:
        """Wait until the host reported the newest generation of these, or of all."""
        wait(lambda: self.directory.is_applied(*mailboxes), "the host reports", seconds)

    def has(self, mailbox: str) -> bool:
        """Whether there are files of a mailbox in its home."""
        return (self.host.layout.homes / mailbox).exists()

    def is_archived(self, mailbox: str) -> bool:
        """Whether there are files of a mailbox in the archive."""
        return (self.host.layout.archive / mailbox).exists()

    def restart(self, process: Process) -> None:
        """Start a process and wait until it is ready."""
        process.start()
        wait_ready([process], 30)


def wait(look: Callable[[], object], what: str, seconds: float = 15) -> None:
    """Wait until something is so, looking often: these tests measure as well."""
    end = time.monotonic() + seconds
    while not look():
        assert time.monotonic() < end, f"never happened: {what}"
        time.sleep(0.01)


def tell(measured: str) -> None:
    """Show a figure to who runs the tests with `-rP`."""
    sys.stdout.write(f"{measured}\n")


@pytest.fixture(scope="session")
def post(servers: stack.Servers) -> Iterator[Post]:
    """The mail host; where it cannot run these tests are skipped, and say what a person can do."""
    with (
        stack.fresh_state() as state,
        stack.fresh_vhost(servers) as uri,
        proxied(uri) as (proxy, through),
        directory(uri) as known,
    ):
        try:
            host = MailHost(state)
        except WithoutMail as reason:
            pytest.skip(str(reason))
        environment = {"PYTHONUNBUFFERED": "1", "HEALTH_ADDRESS": "127.0.0.1", "AMQP_URI": through}
        environment |= {"MAIL_USAGE_SECONDS": "0.5", "RPC_TIMEOUT_SECONDS": "2"}
        environment |= {"MAIL_TRIES_MINUTES": "0.2", "MAIL_TRIES_OF_PAIR": "4"}
        agent = host.agent(environment)
        try:
            start({**host.plan(), agent: host.processes})
            yield Post(known, host, agent, Mailer(host.ports), proxy)
        finally:
            agent.stop()
            stack.discard(host.processes)


@pytest.fixture
def domain() -> str:
    """A domain for one test."""
    return f"d{time.monotonic_ns()}.gov.vn"
