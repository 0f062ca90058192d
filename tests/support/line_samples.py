"""Samples of a line as a probe reports them."""

from datetime import datetime
from typing import Any

SOURCE = "5f2c8b1e9a7d4036"


def sample(sequence: int, at: datetime, *, lost: int = 0, line: str = "primary", **changed: Any) -> dict[str, Any]:
    """One sample of a hundred packets, of which so many did not reach the centre."""
    return {
        "sequence": sequence,
        "line": line,
        "at": at.isoformat(),
        "seconds": 5.0,
        "sent": 100,
        "received": 100 - lost,
        "lost_there": lost,
        "lost_back": 0,
        "rtt_p50_ms": 12.0,
        "rtt_p95_ms": 18.0,
        "rtt_max_ms": 30.0 + sequence,
        "jitter_there_ms": 1.0,
        "jitter_back_ms": 2.0,
        **changed,
    }
