"""Makes and checks the secrets of mailboxes, as Dovecot reads them: SHA512-CRYPT with its scheme in front."""

import secrets

from passlib.hash import sha512_crypt

from services.email_provisioning.ports_mail import Secrets

SCHEME = "{SHA512-CRYPT}"

PASSWORD_ROUNDS = 50_000
"""For what people think of: some 60 ms here, 20 ms at each sign-in on a mail host, ten times the scheme's usual."""

APP_PASSWORD_ROUNDS = 5_000
"""For what the platform draws by lot: 99 bits need no slow hash, and a telephone signs in every few minutes."""

_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"
"""Without those that are easily taken for one another."""


def hash_password(password: str) -> str:
    """The hash of a password that a person chose."""
    return _hash(password, PASSWORD_ROUNDS)


def hash_app_password(secret: str) -> str:
    """The hash of an app password."""
    return _hash(secret, APP_PASSWORD_ROUNDS)


def matches(password: str, stored: str) -> bool:
    """Whether the password is the one of this hash."""
    return stored.startswith(SCHEME) and bool(sha512_crypt.verify(password, stored.removeprefix(SCHEME)))


def new_token() -> str:
    """The secret part of a one-time link: 256 bits."""
    return secrets.token_urlsafe(32)


def new_app_password() -> str:
    """Five groups of four letters and digits: 99 bits that a person can type."""
    drawn = [secrets.choice(_LETTERS) for _ in range(20)]
    return "-".join("".join(drawn[start : start + 4]) for start in range(0, 20, 4))


def _hash(secret: str, rounds: int) -> str:
    return SCHEME + str(sha512_crypt.using(rounds=rounds).hash(secret))


MAIL_SECRETS = Secrets(hash_password, hash_app_password, matches, new_token, new_app_password)
"""All of them, computed where they are called."""
