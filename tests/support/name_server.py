"""A name server in a test's own hands, on a UDP port of loopback: it answers from a dict, or not at all."""

import socket
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset

Zone = dict[str, dict[str, Sequence[str]]]
"""Records by kind, by the name without its last dot."""

SILENT = "SILENT"
"""A kind that stands for no answer whatever is asked of the name."""

SAMPLE_ZONE: Zone = {
    "cantho.gov.vn": {"MX": ["10 mx1.cantho.gov.vn."], "TXT": ['"v=spf1 mx ~all"']},
    "mx1.cantho.gov.vn": {"A": ["192.0.2.1"]},
}
"""What the services of a test hear of the sample domains, instead of the world's name servers."""


class NameServer:
    """Answers until it is closed; `zone` may change at any time."""

    def __init__(self, zone: Zone) -> None:
        self.zone = zone
        self.asked: list[tuple[str, str]] = []
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self.place = "127.0.0.1:{1}".format(*self._socket.getsockname())
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Answer no more."""
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
            last.sendto(b"", self._socket.getsockname())
        self._thread.join(5)
        self._socket.close()

    def _serve(self) -> None:
        while True:
            wire, sender = self._socket.recvfrom(4096)
            if not wire:
                return
            answer = self._answer(dns.message.from_wire(wire))
            if answer is not None:
                self._socket.sendto(answer.to_wire(), sender)

    def _answer(self, asked: dns.message.Message) -> dns.message.Message | None:
        question = asked.question[0]
        name, kind = question.name.to_text(omit_final_dot=True).lower(), dns.rdatatype.to_text(question.rdtype)
        self.asked.append((name, kind))
        known: Mapping[str, Sequence[str]] | None = self.zone.get(name)
        if known is not None and SILENT in known:
            return None
        answer = dns.message.make_response(asked)
        answer.flags |= dns.flags.RA
        if known is None:
            answer.set_rcode(dns.rcode.NXDOMAIN)
        elif known.get(kind):
            answer.answer.append(dns.rrset.from_text(question.name, 60, "IN", kind, *known[kind]))
        return answer


@contextmanager
def name_server(zone: Zone) -> Iterator[NameServer]:
    """A name server until the end."""
    serving = NameServer(zone)
    try:
        yield serving
    finally:
        serving.close()
