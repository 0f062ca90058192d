"""The life of a mailbox on a real Postfix and Dovecot, judged by imaplib and smtplib."""

import imaplib
import time

import pytest

from tests.integration.mail.conftest import Post, tell, wait
from tests.support.mail_client import hashed


def inbox(post: Post, address: str, *subjects: str) -> None:
    wait(lambda: post.mailer.subjects(address, "right") == list(subjects), f"{subjects} are in the inbox")


def test_nobody_signs_in_before_the_mailbox_is_there(post: Post, domain: str) -> None:
    address = f"an@{domain}"
    assert not post.mailer.may_sign_in(address, "right")
    began = time.monotonic()
    post.officer(address)
    assert post.mailer.may_sign_in(address, "right")
    tell(f"a new mailbox in a new domain to the end of its first sign-in: {time.monotonic() - began:.3f} s")
    assert not post.mailer.may_sign_in(address, "wrong")
    assert not post.mailer.may_sign_in(address, "")


def test_an_approved_mailbox_receives_and_lets_nobody_in(post: Post, domain: str) -> None:
    mailbox = post.officer(f"an@{domain}", login=False)
    assert not post.mailer.may_sign_in(f"an@{domain}", "right")
    assert post.mailer.send(f"an@{domain}", "early").taken
    post.change(mailbox, login=True)
    inbox(post, f"an@{domain}", "early")


def test_mail_from_outside_arrives(post: Post, domain: str) -> None:
    address = f"an@{domain}"
    post.officer(address)
    began = time.monotonic()
    assert post.mailer.send(address, "first").taken
    inbox(post, address, "first")
    tell(f"SMTP to LMTP to IMAP: {time.monotonic() - began:.3f} s")


def test_suspension_ends_sessions_and_refuses_imap_and_smtp_but_mail_still_comes(post: Post, domain: str) -> None:
    address = f"an@{domain}"
    mailbox = post.officer(address)
    session = post.mailer.sign_in(address, "right")
    assert post.mailer.may_send_as(address, "right")

    began = time.monotonic()
    post.directory.want(mailbox, login=False, secrets=2)
    post.settled(mailbox)
    tell(f"suspension until nobody is let in and sessions are ended: {time.monotonic() - began:.3f} s")
    assert not post.mailer.may_sign_in(address, "right")
    assert not post.mailer.may_send_as(address, "right")
    wait(lambda: _is_dead(session), "the open session ends", 3)  # at most one more NOOP is answered
    assert post.mailer.send(address, "while away").taken

    post.change(mailbox, login=True)
    inbox(post, address, "while away")


def _is_dead(session: imaplib.IMAP4) -> bool:
    try:
        session.noop()
    except (imaplib.IMAP4.abort, OSError):
        session.shutdown()
        return True
    return False


def test_suspension_that_bounces_and_one_that_holds(post: Post, domain: str) -> None:
    address = f"an@{domain}"
    mailbox = post.officer(address)
    post.change(mailbox, login=False, delivery="reject")
    refused = post.mailer.send(address)
    assert (refused.code, refused.words.startswith("5.2.1")) == (550, True)
    post.change(mailbox, delivery="defer")
    put_off = post.mailer.send(address)
    assert (put_off.code, put_off.words.startswith("4.2.1")) == (450, True)
    post.change(mailbox, login=True, delivery="accept")
    assert post.mailer.send(address, "again").taken
    inbox(post, address, "again")


def test_app_passwords_die_with_their_generation(post: Post, domain: str) -> None:
    address = f"an@{domain}"
    mailbox = post.officer(address, app_passwords=[{"id": "phone1", "hash": hashed("phone1-geheim")}])
    assert post.mailer.may_sign_in(address, "phone1-geheim")
    assert post.mailer.may_send_as(address, "phone1-geheim")
    assert not post.mailer.may_sign_in(address, "phone1-falsch")
    assert post.mailer.may_sign_in(address, "right")
    post.change(mailbox, app_passwords=[], secrets=2)
    assert not post.mailer.may_sign_in(address, "phone1-geheim")


def test_a_renamed_mailbox_keeps_its_mail_and_its_old_address(post: Post, domain: str) -> None:
    old, new = f"an@{domain}", f"an.nguyen@{domain}"
    mailbox = post.officer(old)
    assert post.mailer.send(old, "before").taken
    inbox(post, old, "before")
    post.change(mailbox, addresses=[new, old])
    inbox(post, new, "before")
    assert post.mailer.send(old, "to the old one").taken
    inbox(post, new, "before", "to the old one")
    assert post.mailer.send(new, sender=new, account=(new, "right")).taken
    post.change(mailbox, addresses=[new])
    assert post.mailer.send(old).code == 550


def test_revoked_archived_brought_back_and_purged(post: Post, domain: str) -> None:
    address = f"an@{domain}"
    mailbox = post.officer(address)
    assert post.mailer.send(address, "kept").taken
    inbox(post, address, "kept")

    post.change(mailbox, exists=False, login=False, archive=True, secrets=2)
    assert not post.has(mailbox)
    assert post.is_archived(mailbox)
    assert not post.mailer.may_sign_in(address, "right")
    assert post.mailer.send(address).code == 550

    post.change(mailbox, exists=True, login=True, archive=False)
    inbox(post, address, "kept")
    assert not post.is_archived(mailbox)

    post.change(mailbox, exists=False, login=False, archive=True)
    post.change(mailbox, archive=False, purge=True)
    assert not post.has(mailbox)
    assert not post.is_archived(mailbox)


def test_the_next_owner_of_an_address_never_sees_old_mail(post: Post, domain: str) -> None:
    address = f"an@{domain}"
    former = post.officer(address)
    assert post.mailer.send(address, "for the former").taken
    inbox(post, address, "for the former")
    post.change(former, exists=False, login=False, archive=True)
    post.officer(address)
    assert post.mailer.subjects(address, "right") == []
    assert post.mailer.send(address, "for the new one").taken
    inbox(post, address, "for the new one")


@pytest.mark.parametrize("identifier", ["../../etc", "a/b", ""])
def test_what_would_be_dangerous_is_told_and_not_done(post: Post, domain: str, identifier: str) -> None:
    before = len(post.directory.problems)
    mailbox = post.directory.want(addresses=[f"{identifier} x@{domain}"], password=hashed("right"))
    wait(lambda: len(post.directory.problems) > before, "the problem is told")
    assert "is no address" in post.directory.problems[-1]["error"]
    post.change(mailbox, addresses=[f"an@{domain}"])
    assert post.mailer.may_sign_in(f"an@{domain}", "right")
