"""The clock on the wall."""

from datetime import UTC, datetime


def current_moment() -> datetime:
    """Now, as exactly as MongoDB keeps it."""
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)
