"""Which addresses may be called: public ones over HTTPS. Everything else would let a subscriber look into our network.

A name is judged where it is written and again by every address that it resolves to in the moment of the call, which
is then the very address that is called: a name that changes its mind in between gains nothing.
"""

import ipaddress
import re
import unicodedata
from urllib.parse import urlsplit

from services.document_routing.ports_exchange import UnsafeTarget


class PublicTargets:
    """Judges addresses; declared in `ports_exchange.Targets`. `anything` is for tests and closed networks only."""

    def __init__(self, *, anything: bool = False) -> None:
        self._anything = anything

    def check(self, url: str) -> None:
        """Refuse what is no public HTTPS address."""
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError as error:
            raise UnsafeTarget("the address is malformed", "webhook_target_malformed") from error
        if parts.username or parts.password:
            raise UnsafeTarget("an address must not carry a password", "webhook_target_with_password")
        name = _plain_name(parts.hostname or "")
        if not all(name.split(".")) or parts.scheme not in ("https", "http") or port == 0:
            raise UnsafeTarget("the address is malformed", "webhook_target_malformed")
        if self._anything:
            return
        if parts.scheme != "https":
            raise UnsafeTarget("only https is called")
        if name == "localhost" or name.endswith((".localhost", ".local", ".internal", ".svc", ".lan")):
            raise UnsafeTarget("the name is one of an inner network")
        if is_address(name):
            self.check_address(name)
        elif "." not in name:
            raise UnsafeTarget("the name is one of an inner network")
        elif _NUMBER.fullmatch(name.rpartition(".")[2]):  # an address in a form that resolvers read each in their way
            raise UnsafeTarget("the address is malformed", "webhook_target_malformed")

    def check_address(self, address: str) -> None:
        """Refuse an address that is not public, also where it is written inside of an IPv6 address."""
        if self._anything:
            return
        found = ipaddress.ip_address(address.partition("%")[0])
        inner = _inside(found)
        if not inner.is_global or inner.is_multicast or not _is_given_out(inner):
            raise UnsafeTarget("the address is not a public one")


def _plain_name(host: str) -> str:
    """A host as resolvers read it: every kind of full stop is one, letters and digits of full width are plain ones."""
    return unicodedata.normalize("NFKC", host).translate(_FULL_STOPS).casefold().removesuffix(".")


_FULL_STOPS = {ord(stop): "." for stop in "\u3002\uff0e\uff61"}
_NUMBER = re.compile("[0-9]+|0x[0-9a-f]*")
_NOT_GIVEN_OUT = tuple(map(ipaddress.ip_network, ("192.0.0.0/24", "192.88.99.0/24")))
_GIVEN_OUT = ipaddress.ip_network("2000::/3")


def _is_given_out(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Whether anybody can have been given this address: of IPv6 that is an eighth, whatever Python calls global."""
    if isinstance(address, ipaddress.IPv6Address):
        return address in _GIVEN_OUT
    return not any(address in network for network in _NOT_GIVEN_OUT)


def is_address(name: str) -> bool:
    """Whether a host is written as an address and not as a name."""
    try:
        ipaddress.ip_address(name.partition("%")[0])
    except ValueError:
        return False
    return True


def _inside(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """The address that is really meant: IPv4 can be written inside of IPv6 in several ways."""
    if isinstance(address, ipaddress.IPv6Address):
        embedded = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
        if embedded is None and address in ipaddress.ip_network("64:ff9b::/96"):
            embedded = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        return embedded or address
    return address
