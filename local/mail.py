"""A private mail host: Postfix and Dovecot with an agent, on loopback, with own ports, data, queue and sockets.

The system's own Postfix and Dovecot are never touched: only their programs are used. What they need and this machine
or this user has not is said in words, and the platform then runs without delivery.
"""

import os
import shutil
import smtplib
import socket
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from local.processes import MARK, Process, says_ok
from local.starting import Plan
from local.state import ROOT, State
from mail_host.configure import NotPossible, configure
from mail_host.layout import OUTSIDE, Layout, Ports

PACKAGES = (
    "postfix postfix-sqlite dovecot-core dovecot-imapd dovecot-lmtpd dovecot-managesieved dovecot-sieve dovecot-sqlite"
)
INSTALL = f"sudo apt-get install --no-install-recommends -y {PACKAGES}"
HOST = "mail-1"
_MASTER, _DOVECOT = Path("/usr/lib/postfix/sbin/master"), Path("/usr/sbin/dovecot")
_NEEDED = (
    _MASTER,
    _DOVECOT,
    Path("/usr/lib/postfix/postfix-sqlite.so"),
    Path("/usr/lib/dovecot/lmtp"),
    Path("/usr/lib/dovecot/imap"),
    Path("/usr/lib/dovecot/managesieve"),
    Path("/usr/lib/dovecot/modules/auth/libdriver_sqlite.so"),
)
_USER = "mail"  # every Debian has it, and nothing of its own runs as it
_LONGEST = 60  # letters of a folder, so that a socket in it still has a name that the system takes (108)


class WithoutMail(Exception):
    """This machine cannot run a mail host; the message says what a person can do."""


class MailHost:
    """One mail host of a local platform; `host` is the name under which the directory knows it.

    With `keeps_outside` it keeps letters to the outside in a box (`local.letters`); else it refuses them.

    Raises:
        WithoutMail: something is missing.
    """

    def __init__(self, state: State, *, host: str = HOST, keeps_outside: bool = False) -> None:
        _check(state.path("mail"))
        self.host = host
        self.ports = Ports(*(state.port(f"mail-{name}") for name in Ports.__slots__))
        hooks, posters = state.port("mail-hooks"), state.port("mail-posters")
        self.health_port = state.port("mail-agent-health")
        self._state = state
        self.layout = Layout(
            name=f"{host}.localhost",
            folder=state.path("mail"),
            homes=state.path("mail", "homes"),
            archive=state.path("mail", "archive"),
            user=_USER,
            readers="postfix",
            control_key=state.secret_file("mail_control_key").read_text("utf-8"),
            hooks=f"127.0.0.1:{hooks}",
            posters=f"127.0.0.1:{posters}",
            ports=self.ports,
            private=True,
            keeps_outside=keeps_outside,
            retry_seconds=2,
            failure_seconds=0,
            mark=f"{MARK}={state.folder}",
        )
        try:
            configure(self.layout)
        except NotPossible as error:
            raise WithoutMail(str(error)) from error
        self._check_postfix()
        self.dovecot, self.postfix = self._dovecot_process(), self._postfix_process()

    def _check_postfix(self) -> None:
        """Let Postfix make its queue and look at its configuration.

        Raises:
            WithoutMail: Postfix finds fault with it.
        """
        checked = subprocess.run(
            ["postfix", "-c", str(self.layout.folder / "postfix"), "check"], capture_output=True, text=True, check=False
        )
        if checked.returncode:
            raise WithoutMail(f"Postfix finds fault with its configuration: {checked.stderr.strip()}")

    def _dovecot_process(self) -> Process:
        config = self.layout.folder / "dovecot" / "dovecot.conf"
        return Process(
            "dovecot",
            [str(_DOVECOT), "-F", "-c", str(config)],
            folder=self._state.folder,
            is_ready=lambda: _greets(self.ports.imap, b"* OK"),
            grace=10,
            before=lambda: shutil.rmtree(self.layout.folder / "run", ignore_errors=True),  # old sockets cost seconds
        )

    def _postfix_process(self) -> Process:
        return Process(
            "postfix",
            [str(_MASTER), "-c", str(self.layout.folder / "postfix"), "-s"],
            folder=self._state.folder,
            is_ready=lambda: _takes_mail(self.ports.smtp),
            grace=10,
        )

    def agent(self, environment: Mapping[str, str]) -> Process:
        """The agent of this host, with the environment of the platform; it is told nothing of the database."""
        env = {name: value for name, value in environment.items() if not name.startswith("MONGO")}
        layout = self.layout
        mine = {
            "MAIL_HOST": self.host,
            "MAIL_FOLDER": str(layout.folder),
            "MAIL_HOMES": str(layout.homes),
            "MAIL_ARCHIVE": str(layout.archive),
            "MAIL_USER": layout.user,
            "MAIL_CONTROL_KEY": layout.control_key,
            "MAIL_CONTROL_URL": f"http://127.0.0.1:{self.ports.control}/doveadm/v1",
            "MAIL_HOOKS_BIND": layout.hooks,
            "MAIL_POSTERS_BIND": layout.posters,
            "MAIL_POSTFIX_COMMAND": f"postfix -c {layout.folder / 'postfix'}",
            "HEALTH_PORT": str(self.health_port),
        }
        return Process(
            "mail-agent",
            [sys.executable, "-m", "shared.messaging.run", "mail_host.service"],
            folder=self._state.folder,
            env=env | {"MONGO_URI": ""} | mine,
            is_ready=lambda: says_ok(f"http://127.0.0.1:{self.health_port}/ready"),
            cwd=ROOT,
        )

    @property
    def processes(self) -> list[Process]:
        """The two servers."""
        return [self.dovecot, self.postfix]

    def plan(self) -> Plan:
        """Postfix after Dovecot, of whom it asks at its start how people sign in."""
        return {self.dovecot: (), self.postfix: [self.dovecot]}


def kept_outside(state: State) -> Path:
    """The Maildir in which the mail host of a local platform keeps letters to the outside."""
    return state.path("mail") / OUTSIDE


def _check(folder: Path) -> None:
    """Whether this user may run a mail host in this folder on this machine.

    Raises:
        WithoutMail: not, and why.
    """
    if missing := [path for path in _NEEDED if not path.exists()]:
        raise WithoutMail(f"{missing[0].name} is not installed. Run once: {INSTALL}")
    if os.geteuid():
        raise WithoutMail("Postfix needs root to start. Run as root for real mail: sudo make run")
    if len(str(folder)) > _LONGEST:
        raise WithoutMail(f"the path {folder} is too long for the sockets of a mail server: use a shorter folder")
    for parent in folder.parents:
        if parent.exists() and not parent.stat().st_mode & 0o001:
            raise WithoutMail(f"mail servers do not run as root and cannot enter {parent}: chmod o+x {parent}")


def _greets(port: int, greeting: bytes) -> bool:
    """Whether a server greets us; the connection is closed at once."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=2) as connection:
            return connection.recv(200).startswith(greeting)
    except OSError:
        return False


def _takes_mail(port: int) -> bool:
    try:
        with smtplib.SMTP("127.0.0.1", port, "localhost", timeout=2) as connection:
            return connection.noop()[0] == 250
    except (OSError, smtplib.SMTPException):
        return False
