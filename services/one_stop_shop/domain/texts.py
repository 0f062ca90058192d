"""Words that people read, in Vietnamese and English."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """The same words in both languages; Vietnamese is the one that counts in law."""

    vi: str
    en: str

    def to_dict(self) -> dict[str, str]:
        """`{vi, en}`."""
        return {"vi": self.vi, "en": self.en}


def text(plain: Mapping[str, str]) -> Text:
    """Read `{vi, en}`."""
    return Text(plain["vi"], plain["en"])
