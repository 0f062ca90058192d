"""Which words find an application; how words find anything is in `shared.words`."""

from collections.abc import Mapping
from typing import Any

from shared.words import words

_MOST_WORDS = 16


def searchable_words(document: Mapping[str, Any]) -> list[str]:
    """The words of owner and submitter, their telephones, and the numbers that end the codes."""
    people = [person for person in (document["owner"], document.get("submitter")) if person]
    found = [word for person in people for word in words(person["name"])[:_MOST_WORDS]]
    found += [person["phone"].lstrip("+") for person in people if person.get("phone")]
    found += [code.rpartition("-")[2] for code in (document["code"], document.get("national_code")) if code]
    return list(dict.fromkeys(found))
