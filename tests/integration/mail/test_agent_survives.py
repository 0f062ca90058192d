"""Whatever dies, the host ends where the directory wants it: nothing is lost, nothing old prevails."""

import random
import signal
import sqlite3
import time
from contextlib import closing

from local.processes import Process
from tests.integration.mail.conftest import Post, tell, wait
from tests.support.mail_client import hashed

MANY = 200
STORM = 2000


def kill(process: Process) -> None:
    process.signal(signal.SIGKILL)
    process.wait_ended()


def test_killed_between_the_change_and_the_end_of_the_session(post: Post, domain: str) -> None:
    address = f"an@{domain}"
    mailbox = post.officer(address)
    session = post.mailer.sign_in(address, "right")
    post.host.dovecot.signal(signal.SIGSTOP)  # only its master stands still: no process for the command is made
    try:
        post.directory.want(mailbox, login=False)
        wait(lambda: not post.directory.is_applied(mailbox), "it is wanted")
        kill(post.agent)
    finally:
        post.host.dovecot.signal(signal.SIGCONT)
    post.restart(post.agent)
    post.settled(mailbox)
    assert not post.mailer.may_sign_in(address, "right")
    wait(lambda: _ended(session), "the session ends", 5)


def _ended(session: object) -> bool:
    try:
        session.noop()  # type: ignore[attr-defined]
    except Exception:
        session.shutdown()  # type: ignore[attr-defined]
        return True
    return False


def test_away_during_many_changes(post: Post, domain: str) -> None:
    mailboxes = [
        post.directory.want(addresses=[f"a{number}@{domain}"], password=hashed("right")) for number in range(20)
    ]
    post.settled(*mailboxes)
    post.agent.stop()
    assert post.agent.exit_code == 0
    for number in range(MANY):
        mailbox = mailboxes[number % len(mailboxes)]
        post.directory.want(mailbox, login=number % 3 == 0, quota=number + 1)
    post.restart(post.agent)
    post.settled(*mailboxes)
    for mailbox in mailboxes[:6]:
        wanted = post.directory.wanted[mailbox]
        assert post.mailer.may_sign_in(wanted["addresses"][0], "right") is wanted["login"]


def test_changes_without_a_bell_are_found_by_comparing(post: Post, domain: str) -> None:
    kill(post.agent)
    silent = post.directory.want(addresses=[f"an@{domain}"], password=hashed("right"), ring=False)
    drifts = len(post.directory.drifts)
    post.restart(post.agent)
    post.settled(silent)
    wait(lambda: len(post.directory.drifts) > drifts, "drift is told")
    assert silent in post.directory.drifts[-1]["missing"]
    assert post.mailer.may_sign_in(f"an@{domain}", "right")


def test_a_mailbox_that_the_directory_forgot_is_told_and_kept(post: Post, domain: str) -> None:
    mailbox = post.officer(f"an@{domain}")
    forgotten = post.directory.wanted.pop(mailbox)
    drifts = len(post.directory.drifts)
    post.agent.stop()
    post.restart(post.agent)
    wait(lambda: len(post.directory.drifts) > drifts, "drift is told")
    assert mailbox in post.directory.drifts[-1]["surplus"]
    assert post.mailer.may_sign_in(f"an@{domain}", "right")
    post.directory.wanted[mailbox] = forgotten


def test_the_directory_away_for_a_while(post: Post, domain: str) -> None:
    mailbox = post.officer(f"an@{domain}")
    post.directory.away = True
    post.directory.want(mailbox, login=False)
    assert post.mailer.may_sign_in(f"an@{domain}", "right")  # mail flows on as it was
    post.directory.away = False
    post.settled(mailbox)
    assert not post.mailer.may_sign_in(f"an@{domain}", "right")


def test_the_broker_away_for_a_while(post: Post, domain: str) -> None:
    mailbox = post.officer(f"an@{domain}")
    post.broker.cut()
    try:
        post.directory.want(mailbox, login=False)
        assert post.mailer.may_sign_in(f"an@{domain}", "right")
        assert post.mailer.send(f"an@{domain}").taken
    finally:
        post.broker.mend()
    post.settled(mailbox)
    assert not post.mailer.may_sign_in(f"an@{domain}", "right")


def test_dovecot_away_while_mail_comes_and_accounts_change(post: Post, domain: str) -> None:
    an, binh = f"an@{domain}", f"binh@{domain}"
    post.officer(an)
    closed = post.officer(binh)
    kill(post.host.dovecot)
    assert post.mailer.send(an, "meanwhile").taken
    post.directory.want(closed, login=False)
    wait(lambda: any(each["mailbox"] == closed for each in post.directory.problems), "the reason is told")
    post.restart(post.host.dovecot)
    post.settled(closed)
    assert not post.mailer.may_sign_in(binh, "right")
    wait(lambda: post.mailer.subjects(an, "right") == ["meanwhile"], "the mail arrives", 30)


def test_without_the_agent_mail_flows_on(post: Post, domain: str) -> None:
    address = f"an@{domain}"
    post.officer(address)
    kill(post.agent)
    assert post.mailer.may_sign_in(address, "right")
    assert post.mailer.send(address, "without").taken
    assert post.mailer.send(address, "own", sender=address, account=(address, "right")).taken
    post.restart(post.agent)
    wait(lambda: sorted(post.mailer.subjects(address, "right")) == ["own", "without"], "both arrive")


def test_two_thousand_changes_while_agent_dovecot_broker_and_directory_die(post: Post, domain: str) -> None:
    chance, faults = random.Random(7), 0
    addresses = [f"a{number}@{domain}" for number in range(100)]
    mailboxes = [post.directory.want(addresses=[each], password=hashed("right")) for each in addresses]
    for number in range(STORM):
        owner = chance.choice(mailboxes)
        post.directory.want(owner, login=chance.random() < 0.5, quota=number + 1)
        if number % 200 == 100:
            faults += 1
            _harm(post, number // 200 % 5)
    began = time.monotonic()
    post.settled(*mailboxes, seconds=60)
    tell(f"{STORM} changes, {faults} faults: converged {time.monotonic() - began:.1f} s after the last change")
    known = {row["id"]: row for row in _rows(post)}
    wanted = post.directory.wanted
    assert [each for each in mailboxes if known[each]["generation"] != wanted[each]["generation"]] == []
    assert [each for each in mailboxes if bool(known[each]["login"]) != wanted[each]["login"]] == []
    for mailbox, address in list(zip(mailboxes, addresses, strict=True))[:10]:
        assert post.mailer.may_sign_in(address, "right") is wanted[mailbox]["login"]


def _harm(post: Post, kind: int) -> None:
    """One fault, and its end a moment later."""
    if kind in (0, 1):
        process = (post.agent, post.host.dovecot)[kind]
        kill(process)
        post.restart(process)
    elif kind == 2:
        post.broker.cut()
        time.sleep(0.5)
        post.broker.mend()
    elif kind == 3:
        post.directory.away = True
        time.sleep(0.5)
        post.directory.away = False
    else:
        kill(post.host.postfix)
        post.restart(post.host.postfix)


def _rows(post: Post) -> list[dict[str, object]]:
    with closing(sqlite3.connect(post.host.layout.data / "accounts.db")) as look:
        look.row_factory = sqlite3.Row
        return [dict(row) for row in look.execute("SELECT * FROM mailbox")]
