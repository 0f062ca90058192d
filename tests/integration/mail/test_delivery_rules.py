"""Who may write to whom as whom, and how much."""

import time

from tests.integration.mail.conftest import Post, wait

MIB = 1024 * 1024


def arrives(post: Post, address: str, subject: str) -> None:
    wait(lambda: subject in post.mailer.subjects(address, "right"), f"{subject} arrives at {address}")


def test_a_full_mailbox_is_told_while_the_sender_waits_and_a_raised_quota_counts_at_once(
    post: Post, domain: str
) -> None:
    address = f"an@{domain}"
    mailbox = post.officer(address, quota=3)
    assert post.mailer.send(address, "large", size=3 * MIB - 200_000).taken
    arrives(post, address, "large")
    full = post.mailer.send(address, "more", size=MIB // 2)
    assert (full.code, full.words.startswith("5.2.2")) == (552, True)
    assert post.mailer.send(address, "a small one still fits").taken
    post.change(mailbox, quota=20)
    assert post.mailer.send(address, "after").taken
    arrives(post, address, "after")


def test_nobody_sends_as_somebody_else(post: Post, domain: str) -> None:
    an, binh = f"an@{domain}", f"binh@{domain}"
    post.officer(an)
    post.officer(binh)
    assert post.mailer.send(binh, "own", sender=an, account=(an, "right")).taken
    arrives(post, binh, "own")
    assert post.mailer.send(an, sender=binh, account=(an, "right")).code == 553
    assert post.mailer.send(an, sender=binh).code == 553  # from outside, without signing in
    assert post.mailer.send("somebody@example.com", sender=an).code == 553


def test_a_unit_mailbox_is_sent_from_by_its_owner(post: Post, domain: str) -> None:
    an, unit = f"an@{domain}", f"vanphong@{domain}"
    owner = post.officer(an)
    post.officer(unit)
    assert post.mailer.send(unit, sender=unit, account=(an, "right")).code == 553
    post.change(owner, senders=[an, unit])
    assert post.mailer.send(unit, "from the unit", sender=unit, account=(an, "right")).taken
    arrives(post, unit, "from the unit")


def test_a_group_reaches_all_but_who_is_closed(post: Post, domain: str) -> None:
    an, binh, cuc, group = (f"{name}@{domain}" for name in ("an", "binh", "cuc", "tatca"))
    for address in (an, binh):
        post.officer(address)
    closed = post.officer(cuc)
    post.change(closed, login=False, delivery="reject")
    post.change(post.directory.want(kind="group", login=False, addresses=[group], forwards=[an, binh, cuc]))
    assert post.mailer.send(group, "to all").taken
    for address in (an, binh):
        arrives(post, address, "to all")
    post.change(closed, exists=False)
    assert post.mailer.send(group, "to all again").taken  # no bounce that names the third
    arrives(post, an, "to all again")


def test_only_posters_write_to_a_moderated_group(post: Post, domain: str) -> None:
    an, group = f"an@{domain}", f"tatca@{domain}"
    post.officer(an)
    wanted = {"kind": "group", "login": False, "addresses": [group], "forwards": [an]}
    post.change(post.directory.want(**wanted, posters=["chief@example.com"]))
    refused = post.mailer.send(group, "not me")
    assert (refused.code, "only some may write" in refused.words) == (550, True)
    assert post.mailer.send(group, "me", sender="chief@example.com").taken
    arrives(post, an, "me")


def test_a_plus_address_and_capital_letters_reach_their_owner(post: Post, domain: str) -> None:
    post.officer(f"an@{domain}")
    assert post.mailer.send(f"an+phieu@{domain}", "plus").taken
    assert post.mailer.send(f"AN@{domain.upper()}", "capitals").taken
    arrives(post, f"an@{domain}", "plus")
    arrives(post, f"An@{domain}", "capitals")


def test_an_unknown_recipient_is_told_at_once(post: Post, domain: str) -> None:
    post.officer(f"an@{domain}")
    refused = post.mailer.send(f"nobody@{domain}")
    assert (refused.code, refused.words.startswith("5.1.1")) == (550, True)


def test_nothing_leaves_a_private_host(post: Post, domain: str) -> None:
    an = f"an@{domain}"
    post.officer(an)
    refused = post.mailer.send("somebody@example.com", sender=an, account=(an, "right"))
    assert (refused.code, "sends nothing to the outside" in refused.words) == (550, True)


def test_what_already_waits_in_the_queue_follows_too(post: Post, domain: str) -> None:
    an = f"an@{domain}"
    mailbox = post.officer(an)
    post.host.dovecot.signal(9)
    post.host.dovecot.wait_ended()
    assert post.mailer.send(an, "in the queue").taken
    post.directory.want(mailbox, delivery="defer")
    post.restart(post.host.dovecot)
    post.settled(mailbox)
    time.sleep(3)  # it is tried in between
    assert post.mailer.subjects(an, "right") == []
    post.change(mailbox, delivery="accept")
    arrives(post, an, "in the queue")
