"""Each trap that was found in these servers, and that it is closed; the tests are named after the traps."""

import sqlite3
import subprocess
import threading
import time
from contextlib import closing

from mail_host.accounts import Accounts
from tests.integration.mail.conftest import Post, tell, wait
from tests.support.mail_client import hashed


def test_a_domain_that_was_refused_before_is_known_at_once(post: Post, domain: str) -> None:
    assert post.mailer.send(f"an@{domain}").code == 554
    post.officer(f"an@{domain}")
    assert post.mailer.send(f"an@{domain}").taken


def test_no_cache_lets_an_old_password_in(post: Post, domain: str) -> None:
    address = f"an@{domain}"
    mailbox = post.officer(address)
    assert post.mailer.may_sign_in(address, "right")
    post.change(mailbox, password=hashed("new"))
    assert not post.mailer.may_sign_in(address, "right")
    assert post.mailer.may_sign_in(address, "new")


def test_smtp_stays_refused_after_dovecot_was_reloaded(post: Post, domain: str) -> None:
    address = f"an@{domain}"
    mailbox = post.officer(address)
    assert post.mailer.may_send_as(address, "right")
    config = str(post.host.layout.folder / "dovecot" / "dovecot.conf")
    subprocess.run(["doveadm", "-c", config, "reload"], check=True)
    post.change(mailbox, login=False)
    assert not post.mailer.may_send_as(address, "right")


def test_wrong_passwords_of_one_make_nobody_else_wait(post: Post, domain: str) -> None:
    for name in ("an", "binh"):
        post.officer(f"{name}@{domain}")
    for _ in range(5):
        assert not post.mailer.may_sign_in(f"an@{domain}", "wrong")
    began = time.monotonic()
    assert post.mailer.may_sign_in(f"binh@{domain}", "right")
    assert time.monotonic() - began < 1.5  # with Dovecot's own penalty it was four seconds


def test_a_stale_generation_never_wins(post: Post, domain: str) -> None:
    address = f"an@{domain}"
    mailbox = post.officer(address)
    post.change(mailbox, login=False)
    newest = dict(post.directory.wanted[mailbox])
    post.directory.wanted[mailbox] = {**newest, "login": True, "generation": 1}
    questions = len(post.directory.asked)
    post.directory.ring(mailbox)
    wait(lambda: len(post.directory.asked) > questions, "the host asks")
    time.sleep(0.3)
    assert not post.mailer.may_sign_in(address, "right")
    post.directory.wanted[mailbox] = newest


def test_readers_and_the_writer_never_wait_for_each_other(post: Post, domain: str) -> None:
    address = f"an@{domain}"
    mailbox = post.officer(address)
    data = post.host.layout.data / "accounts.db"
    with closing(sqlite3.connect(data)) as look:
        assert look.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    stop, written = threading.Event(), []

    def write() -> None:
        accounts = Accounts(data)
        while not stop.is_set():
            with accounts.transaction() as database:
                database.execute("UPDATE mailbox SET quota = quota WHERE id = ?", (mailbox,))
            written.append(1)
        accounts.close()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(10):
            assert post.mailer.may_sign_in(address, "right")
            assert post.mailer.send(address, f"under load {number}").taken
    finally:
        stop.set()
        writer.join()
    tell(f"{len(written)} transactions beside 10 sign-ins and 10 mails")
    assert len(written) > 20
    wait(lambda: len(post.mailer.subjects(address, "right")) == 10, "all mails are there")


def test_no_event_names_a_sender_or_a_subject(post: Post) -> None:
    config = str(post.host.layout.folder / "dovecot" / "dovecot.conf")
    shown = subprocess.run(
        ["doveconf", "-n", "-c", config, "metric"], check=True, capture_output=True, text=True
    ).stdout
    assert "fields = user" in shown
    assert "mail_delivery" not in shown


def test_old_sockets_are_cleared_away_before_dovecot_starts(post: Post, domain: str) -> None:
    address = f"an@{domain}"
    post.officer(address)
    post.host.dovecot.signal(9)
    post.host.dovecot.wait_ended()
    left = post.host.layout.folder / "run" / "dovecot" / "left-behind"
    left.touch()
    post.restart(post.host.dovecot)
    assert not left.exists()
    began = time.monotonic()
    assert post.mailer.may_sign_in(address, "right")
    assert time.monotonic() - began < 3
