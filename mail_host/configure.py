"""Writes the configuration of a mail host: `python -m mail_host.configure`, from the settings of the environment.

It makes the folders and the two databases too, so that Dovecot and Postfix may start before the agent. It may be
repeated; what runs takes a change on with `doveadm reload` and `postfix reload`, both, because Postfix would keep
asking the old Dovecot who somebody is.
"""

import grp
import os
import pwd
import secrets
import sys
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from mail_host.accounts import Accounts
from mail_host.layout import ACCOUNTS, USAGE, Layout, layout_of
from mail_host.use import prepare_usage
from shared.settings import Settings, load

TEMPLATES = Path(__file__).parent / "config"
DELIVERED = "m.present = 1 AND m.delivery <> 'reject'"

# What Postfix asks of the accounts, by the file of each question; %s is an address, or a domain.
QUERIES = {
    "domains.cf": "SELECT 1 FROM domain WHERE name = lower('%s')",
    "mailboxes.cf": "SELECT 1 FROM address a JOIN mailbox m ON m.id = a.mailbox"
    " WHERE a.address = lower('%s') AND m.present = 1 AND m.kind <> 'group'",
    # A target that is closed or gone here is left out: the sender would be told of it by a bounce.
    "forwards.cf": "SELECT f.target FROM address a JOIN mailbox g ON g.id = a.mailbox"
    " JOIN forward f ON f.mailbox = g.id"
    " LEFT JOIN address t ON t.address = f.target LEFT JOIN mailbox m ON m.id = t.mailbox"
    " LEFT JOIN domain d ON d.name = substr(f.target, instr(f.target, '@') + 1)"
    " WHERE a.address = lower('%s') AND g.present = 1 AND g.delivery <> 'reject'"
    f" AND (d.name IS NULL OR ({DELIVERED}))",
    "senders.cf": "SELECT mailbox FROM sender WHERE address = lower('%s')",
    "own-senders.cf": "SELECT DISTINCT '553 5.7.1 whoever has this address signs in to send'"
    " FROM sender WHERE address = lower('%s')",
    # No transport map says this: a process that takes mail would remember it for 100 seconds.
    "recipients.cf": "SELECT CASE m.delivery WHEN 'reject' THEN '550 5.2.1 this mailbox is closed'"
    " WHEN 'defer' THEN '450 4.2.1 mail for this mailbox waits' ELSE 'moderated' END"
    " FROM address a JOIN mailbox m ON m.id = a.mailbox"
    " WHERE a.address = lower('%s') AND m.present = 1 AND (m.delivery <> 'accept' OR m.moderated = 1)",
}


class NotPossible(Exception):
    """The host cannot be configured like this; the message says what a person must do."""


def configure(host: Layout) -> None:
    """Make folders and databases of a host and write its configuration.

    Raises:
        NotPossible: a user, a group or a certificate is missing.
    """
    owner, readers = _user(host.user), _group(host.readers)
    if not host.private and not (host.certificate and host.certificate_key):
        raise NotPossible("a mail host needs a certificate: set MAIL_CERTIFICATE and MAIL_CERTIFICATE_KEY")
    if not host.control_key:
        raise NotPossible("the agent needs a key to command Dovecot: set MAIL_CONTROL_KEY or MAIL_CONTROL_KEY_FILE")
    _make_folders(host, owner, readers)
    Accounts(host.data / ACCOUNTS).close()
    prepare_usage(host.data / USAGE)
    for path in host.data.iterdir():
        os.chown(path, owner.pw_uid, readers)
        path.chmod(0o660)
    _write_files(host, owner, readers)


def _user(name: str) -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        raise NotPossible(f"this system has no user {name!r}") from None


def _group(name: str) -> int:
    try:
        return grp.getgrnam(name).gr_gid
    except KeyError:
        raise NotPossible(f"this system has no group {name!r}") from None


def _make_folders(host: Layout, owner: pwd.struct_passwd, readers: int) -> None:
    """WAL has each reader write beside the database, so its folder is the readers' too."""
    for folder, mode in ((host.folder, 0o755), (host.data, 0o2770), (host.homes, 0o700), (host.archive, 0o700)):
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(mode)
    os.chown(host.data, owner.pw_uid, readers)
    if host.keeps_outside:
        host.outside.parent.mkdir(mode=0o700, exist_ok=True)
        os.chown(host.outside.parent, owner.pw_uid, owner.pw_gid)
    for folder in (host.homes, host.archive):
        os.chown(folder, owner.pw_uid, owner.pw_gid)
    for folder, uid in ((_queue(host), 0), (_state(host) / "postfix", _user("postfix").pw_uid)):
        folder.mkdir(parents=True, exist_ok=True)
        os.chown(folder, uid, 0)


def _write_files(host: Layout, owner: pwd.struct_passwd, readers: int) -> None:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
        keep_trailing_newline=True, autoescape=False,
    )  # fmt: skip
    dovecot, postfix = host.folder / "dovecot", host.folder / "postfix"
    values = {
        "host": host,
        "owner": owner,
        "dovecot": dovecot,
        "state": _state(host),
        "run": _run(host),
        "postfix_queue": _queue(host),
        "nonce": secrets.token_hex(16),
    }
    for folder in (dovecot, postfix):
        folder.mkdir(exist_ok=True)
    for name in ("dovecot.conf", "accounts.conf.ext", "quota.conf.ext", "last-login.conf.ext"):
        _write(dovecot / name, environment.get_template(f"{name}.j2").render(values), 0o640)
        os.chown(dovecot / name, 0, readers)
    for name in ("main.cf", "master.cf"):
        _write(postfix / name, environment.get_template(f"{name}.j2").render(values), 0o644)
    for name, query in QUERIES.items():
        _write(postfix / name, environment.get_template("map.cf.j2").render(values, query=query), 0o644)


def _write(path: Path, text: str, mode: int) -> None:
    path.touch(mode=mode)
    path.write_text(text, "utf-8")


def _state(host: Layout) -> Path:
    return host.folder / "state"


def _run(host: Layout) -> Path:
    return host.folder / "run" if host.private else Path("/run/truc-chung-mail")


def _queue(host: Layout) -> Path:
    return host.folder / "queue"


def main(settings: Settings) -> int:
    """Configure this machine as the settings say; the exit code says whether all is well."""
    host = layout_of(settings)
    try:
        configure(host)
    except NotPossible as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"{host.folder}/dovecot/dovecot.conf and {host.folder}/postfix/main.cf are written\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(load(without=("amqp_uri", "mongo_uri"))))
