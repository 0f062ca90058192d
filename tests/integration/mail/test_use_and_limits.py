"""What is told of use, and how wrong passwords are limited."""

import time

from tests.integration.mail.conftest import Post, wait

ATTACKER, OFFICE = "127.0.0.2", "127.0.0.3"


def test_use_is_told_without_looking_through_mail(post: Post, domain: str) -> None:
    address = f"an@{domain}"
    mailbox = post.officer(address)
    assert post.mailer.send(address, "secret subject", size=20_000).taken
    wait(lambda: post.directory.usage.get(mailbox, {}).get("messages") == 1, "the mail is counted")
    assert post.directory.usage[mailbox]["bytes"] > 20_000
    assert post.directory.usage[mailbox]["last_sent"] is None
    assert post.mailer.send("gone@" + domain, sender=address, account=(address, "right")).code == 550
    wait(lambda: post.directory.usage[mailbox]["last_sent"], "the sign-in to send is told")
    session = post.mailer.sign_in(address, "right")
    wait(lambda: post.directory.usage[mailbox]["last_login"], "the sign-in is told")
    session.select("INBOX")
    session.store("1", "+FLAGS", "\\Deleted")
    session.expunge()
    session.logout()
    wait(lambda: post.directory.usage[mailbox]["messages"] == 0, "what was removed is counted")
    assert post.directory.usage[mailbox]["bytes"] == 0


def test_only_changes_are_told(post: Post, domain: str) -> None:
    mailbox = post.officer(f"an@{domain}")
    wait(lambda: mailbox in post.directory.usage, "it is told once")
    time.sleep(1.2)  # two more turns
    rows = [row for row in post.directory.usage_rows if row["mailbox"] == mailbox]
    assert len(rows) == 1
    assert set(rows[0]) == {"mailbox", "bytes", "messages", "last_login", "last_sent"}


def test_guessing_is_refused_where_it_comes_from_and_nowhere_else(post: Post, domain: str) -> None:
    address = f"an@{domain}"
    post.officer(address)
    assert post.mailer.may_sign_in(address, "right", OFFICE)
    for number in range(4):
        assert not post.mailer.may_sign_in(address, f"guess {number}", ATTACKER)
    assert not post.mailer.may_sign_in(address, "right", ATTACKER)
    assert post.mailer.may_sign_in(address, "right", OFFICE)
    post.officer(f"binh@{domain}")
    assert post.mailer.may_sign_in(f"binh@{domain}", "right", ATTACKER)  # an office behind the same address
    wait(lambda: post.mailer.may_sign_in(address, "right", ATTACKER), "it is forgotten after its time", 20)


def test_a_program_with_an_old_password_counts_once(post: Post, domain: str) -> None:
    address = f"an@{domain}"
    post.officer(address)
    for _ in range(6):
        assert not post.mailer.may_sign_in(address, "the old one")
    assert post.mailer.may_sign_in(address, "right")
