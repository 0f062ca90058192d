"""A load generator that costs little: raw HTTP/1.1 over kept-open connections, one outstanding request each.

Every target of one run is driven by this same code from the same machine, so that ratios mean something.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

import uvloop

MakeRequest = Callable[[int], bytes]
"""The n-th request, whole, as it goes over the wire."""


@dataclass
class Outcome:
    """What came back: latencies in seconds of the answers wanted, everything else counted by status."""

    latencies: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    seconds: float = 0.0
    bodies: list[bytes] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Wanted answers per second."""
        return len(self.latencies) / self.seconds if self.seconds else 0.0

    def percentile(self, share: float) -> float:
        """Latency in milliseconds below which `share` of the answers lie."""
        ordered = sorted(self.latencies)
        return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("nan")


def request(method: str, path: str, headers: dict[str, str], body: bytes = b"") -> bytes:
    """One request as bytes; the host is always this machine."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


def drive(
    port: int, make: MakeRequest, *, clients: int, seconds: float, want: int = 201, first: int = 0, rate: float = 0.0
) -> Outcome:
    """Let `clients` connections ask for `seconds`; with `rate` they keep to that many requests a second in all."""
    return uvloop.run(_drive(port, make, clients, seconds, want, first, rate))


async def _drive(
    port: int, make: MakeRequest, clients: int, seconds: float, want: int, first: int, rate: float
) -> Outcome:
    outcome, counter, start = Outcome(), iter(range(first, first + 100_000_000)), time.perf_counter()
    end = start + seconds

    async def client(index: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        due = start + index / rate if rate else 0.0
        while time.perf_counter() < end:
            if rate:
                await asyncio.sleep(max(0.0, due - time.perf_counter()))
                due += clients / rate
            sent = time.perf_counter()
            writer.write(make(next(counter)))
            status, body, close = await _read_answer(reader)
            outcome.statuses[status] += 1
            if status == want:
                outcome.latencies.append(time.perf_counter() - sent)
            elif len(outcome.bodies) < 3:
                outcome.bodies.append(body)
            if close:
                writer.close()
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.close()

    await asyncio.gather(*(client(index) for index in range(clients)))
    outcome.seconds = time.perf_counter() - start
    return outcome


async def _read_answer(reader: asyncio.StreamReader) -> tuple[int, bytes, bool]:
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    status = int(head[9:12])
    length = 0
    for line in head.split(b"\r\n"):
        if line.startswith(b"content-length:"):
            length = int(line[15:])
    body = await reader.readexactly(length) if length else b""
    if b"transfer-encoding: chunked" in head:
        body = await _read_chunks(reader)
    return status, body, b"connection: close" in head


async def _read_chunks(reader: asyncio.StreamReader) -> bytes:
    parts = []
    while size := int((await reader.readuntil(b"\r\n")).split(b";")[0], 16):
        parts.append(await reader.readexactly(size + 2))
    await reader.readuntil(b"\r\n")
    return b"".join(part[:-2] for part in parts)
