"""Asks name servers, in a bounded time, and reads the keys that stand there."""

import base64
import binascii
import time
from contextlib import suppress

import dns.exception
import dns.nameserver
import dns.resolver
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key

from services.email_provisioning.domain.mail.domain_check import Lookup, NameMissing, Unanswered

SECONDS_EACH, SECONDS_TOGETHER = 2.0, 6.0
"""How long one question may take, and all that belong to one check; the caller waits for them."""


class NameServers:
    """Those that are named as `address:port`, else the system's own."""

    def __init__(self, servers: str) -> None:
        self._servers = [_place(server) for server in servers.replace(",", " ").split()]

    def asking(self) -> Lookup:
        """Looks up the names of one check, which share their time."""
        resolver = dns.resolver.Resolver(configure=False)
        if self._servers:
            resolver.nameservers = [dns.nameserver.Do53Nameserver(address, port) for address, port in self._servers]
        else:
            with suppress(dns.resolver.NoResolverConfiguration):  # then every question stays unanswered
                resolver.read_resolv_conf("/etc/resolv.conf")
        return Questions(resolver).look_up


class Questions:
    """Looks names up until the time is over."""

    def __init__(self, resolver: dns.resolver.Resolver) -> None:
        self._resolver = resolver
        self._until = time.monotonic() + SECONDS_TOGETHER

    def look_up(self, name: str, kind: str) -> list[str]:
        """The records of a name as text.

        Raises:
            NameMissing: there is no such name.
            Unanswered: the name servers do not say.
        """
        left = min(self._until - time.monotonic(), SECONDS_EACH)
        if left <= 0:
            raise Unanswered(f"{name} {kind}: {SECONDS_TOGETHER:.0f} s")
        try:
            answer = self._resolver.resolve(f"{name}.", kind, lifetime=left, raise_on_no_answer=False, search=False)
        except dns.resolver.NXDOMAIN as error:
            raise NameMissing(name) from error
        except (dns.exception.DNSException, OSError) as error:
            raise Unanswered(f"{name} {kind}: {type(error).__name__}") from error
        return [_text(record) for record in answer.rrset or ()]


def key_bits(text: str) -> int | None:
    """How long the RSA key is that is written so; None for one of another kind.

    Raises:
        ValueError: it is no key.
    """
    try:
        key = load_der_public_key(base64.b64decode(text, validate=True))
    except (binascii.Error, UnsupportedAlgorithm) as error:
        raise ValueError(str(error)) from error
    return key.key_size if isinstance(key, RSAPublicKey) else None


def _text(record: object) -> str:
    strings = getattr(record, "strings", None)
    return str(record) if strings is None else b"".join(strings).decode("utf-8", "replace")


def _place(server: str) -> tuple[str, int]:
    address, colon, port = server.rpartition(":")
    return (address, int(port)) if colon else (port, 53)
