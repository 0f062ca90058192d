"""What follows from a mailbox by itself: which addresses nobody else may have, how it is found, what is due when.

Every write sets it anew, so that no decision has to remember it. `held` stands under a unique index: an address
belongs to one mailbox or to none, however many ask for it at once and whatever dies in between.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from services.email_provisioning.domain.access import EVERYWHERE
from services.email_provisioning.domain.finding import role_key, word_key
from services.email_provisioning.domain.mail.guards import PERSONAL, current_owner
from services.email_provisioning.domain.mail.mailbox import over_aliases
from services.email_provisioning.domain.mail.rules import MailRules
from services.email_provisioning.domain.mail.states import COUNTED, ON_HOST, WANTED_ON_HOST, Mailbox, State
from shared.words import keys_of, words
from shared.working_time import VIETNAM

Changes = dict[str, Any]

_MOST_WORDS = 16
_GIVEN_UP = frozenset({State.REFUSED, State.PURGED})


def settle(mailbox: Mailbox, within: Sequence[str], rules: MailRules, today: date) -> Changes:
    """Everything that follows from a mailbox on this day; `within` is its agency and those above it."""
    owner, state = current_owner(mailbox), State(mailbox["state"])
    return {
        "held": held_addresses(mailbox, rules, today) or None,
        "owner": owner,
        "person": owner if mailbox["kind"] == PERSONAL and state in COUNTED else None,
        "hosts": rules.hosts_of(mailbox["address"]) if state not in (State.REQUESTED, State.REFUSED) else [],
        "within": list(within),
        "next_due_at": _midnight(next_day(mailbox, rules, today)),
        **mailbox_keys(mailbox, within),
    }


def held_addresses(mailbox: Mailbox, rules: MailRules, today: date) -> list[str]:
    """The addresses that nobody else may have: its own, its aliases, and those that rest since it had them."""
    own = [] if State(mailbox["state"]) in _GIVEN_UP else [mailbox["address"]]
    own += [alias["address"] for alias in mailbox["aliases"]] if own else []
    resting = [one["address"] for one in mailbox["released"] if today <= _rests_until(one, rules)]
    return sorted({*own, *resting})


def drawn(before: Mailbox | None, after: Mailbox) -> dict[str, int]:
    """How much more, or less, of each agency's grant is used after a change; in MiB, without zeros."""
    change: dict[str, int] = {}
    for mailbox, sign in ((before, -1), (after, 1)):
        if mailbox is not None and State(mailbox["state"]) in COUNTED:
            change[mailbox["agency"]] = change.get(mailbox["agency"], 0) + sign * mailbox["quota"]
    return {agency: more for agency, more in sorted(change.items()) if more}


def next_day(mailbox: Mailbox, rules: MailRules, today: date) -> date | None:
    """The next day on which something is to be done; today when it is due already."""
    return min((max(day, today) for day in _days(mailbox, rules, today)), default=None)


def due_actions(mailbox: Mailbox, rules: MailRules, today: date) -> Iterator[str]:
    """What is to be done today."""
    state = State(mailbox["state"])
    if state in (State.SUSPENDED, State.SCHEDULED) and mailbox["revoke_on"] and mailbox["revoke_on"] <= str(today):
        yield "revoke"
    elif state in WANTED_ON_HOST and over_aliases(mailbox, today.isoformat()):
        yield "end_aliases"
    elif state is State.REVOKED and not mailbox["hold"] and today > _kept_until(mailbox, rules):
        yield "purge"


def mailbox_keys(mailbox: Mailbox, within: Sequence[str]) -> Changes:
    """The words of a mailbox, and the keys that find it from each agency above it, in the order of addresses."""
    local = mailbox["address"].partition("@")[0]
    found = list(dict.fromkeys([*words(local), *words(mailbox["name"])]))[:_MOST_WORDS]
    keys = list(dict.fromkeys(keys_of(found)))
    scopes = [EVERYWHERE, *within]
    search = [word_key(scope, key) for scope in scopes for key in keys]
    search += [role_key(scope, mailbox["state"]) for scope in scopes]
    position = f"{mailbox['address']}|{mailbox['_id']}"
    return {"words": "".join(f" {word}" for word in found), "search": search, "position": position}


def _days(mailbox: Mailbox, rules: MailRules, today: date) -> Iterator[date]:
    state = State(mailbox["state"])
    if state in ON_HOST and mailbox["revoke_on"]:
        yield date.fromisoformat(mailbox["revoke_on"])
    if state in WANTED_ON_HOST:
        yield from (date.fromisoformat(alias["until"]) + timedelta(days=1) for alias in mailbox["aliases"])
    if state is State.REVOKED and not mailbox["hold"]:
        yield _kept_until(mailbox, rules) + timedelta(days=1)
    ends = (_rests_until(one, rules) for one in mailbox["released"])
    yield from (end + timedelta(days=1) for end in ends if end >= today)


def _rests_until(one: Mapping[str, str], rules: MailRules) -> date:
    return date.fromisoformat(one["on"]) + timedelta(days=rules.retention_days)


def _kept_until(mailbox: Mailbox, rules: MailRules) -> date:
    return date.fromisoformat(mailbox["revoked_on"]) + timedelta(days=rules.retention_days)


def _midnight(day: date | None) -> datetime | None:
    return datetime.combine(day, time.min, VIETNAM) if day else None
