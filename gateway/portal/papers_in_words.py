"""How many papers there are, in words."""

from collections.abc import Mapping
from typing import Any

from gateway.portal.language import ngettext

COUNTS = ("originals", "certified_copies", "photocopies")
"""How papers are counted by whoever sees them."""


def counted(paper: Mapping[str, Any]) -> str:
    """How many papers of each kind there is any of; nothing where there are none."""
    originals, certified, photocopies = (paper.get(kind) or 0 for kind in COUNTS)
    told = (
        originals and ngettext("%(num)s bản chính", "%(num)s bản chính", originals),
        certified and ngettext("%(num)s bản sao chứng thực", "%(num)s bản sao chứng thực", certified),
        photocopies and ngettext("%(num)s bản chụp", "%(num)s bản chụp", photocopies),
    )
    return ", ".join(one for one in told if one)
