"""The codes of applications, procedures and results: read, checked and issued."""

import re
from dataclasses import dataclass
from datetime import date

from shared.agency_codes import CURRENT, LEGACY, agency_id, is_legacy_agency_id
from shared.errors import Invalid

_DASH = "[-\u2010-\u2015]"
"""The hyphen, and what telephones make of it."""
_BETWEEN = re.compile(rf"(?:[\s.]|{_DASH})+")
_AGENCY = f"(?:{LEGACY}|{CURRENT})"


def _match(pattern: str, text: str, code: str) -> re.Match[str]:
    """People type codes in small letters and with blanks around them; digits of other scripts are no digits."""
    found = re.fullmatch(pattern, text.strip().upper(), re.ASCII)
    if not found:
        raise Invalid(code, text=text)
    return found


@dataclass(frozen=True, slots=True)
class ApplicationCode:
    """A dossier code (mã hồ sơ) and its parts; `text` is the code itself, as it is stored and printed."""

    text: str
    agency: str
    day: date
    sequence: int


def issue_application_code(agency: str, day: date, sequence: int) -> str:
    """`H13.30.01-261005-0001`: the agency's count of that day, which grows past 9999 without being cut."""
    if is_legacy_agency_id(agency):
        raise Invalid("agency_id_legacy", text=agency)
    if sequence < 1:
        raise Invalid("sequence_not_positive", sequence=sequence)
    return f"{agency_id(agency)}-{day:%y%m%d}-{sequence:04d}"


def parse_application_code(text: str) -> ApplicationCode:
    """Read any of the shapes in use: legacy or current agency with yymmdd, and the ministries' with yyyymmdd."""
    found = _match(rf"({_AGENCY})-((?:20)?\d{{6}})-(\d{{4,8}})", text, "application_code_malformed")
    digits = found[2] if len(found[2]) == 8 else f"20{found[2]}"
    try:
        day = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError as error:
        raise Invalid("application_code_malformed", text=text) from error
    return ApplicationCode(found[0], found[1], day, int(found[3]))


def read_application_code(text: str) -> ApplicationCode:
    """A code as people type it: in small letters, with blanks within, or with blanks or dots for its hyphens."""
    try:
        return parse_application_code("".join(text.split()))
    except Invalid:
        *agency, day, sequence = ["", "", *_BETWEEN.split(text.strip())]
        return parse_application_code(f"{'.'.join(filter(None, agency))}-{day}-{sequence}")


def end_of_code(text: str) -> str | None:
    """`261123-0046`, which colleagues say for the whole code; None for anything else."""
    found = re.fullmatch(rf"((?:20)?\d{{6}})\s*{_DASH}\s*(\d{{4,8}})", text.strip(), re.ASCII)
    return f"{found[1]}-{found[2]}" if found else None


_PROCEDURE = rf"(\d\.\d{{6}})(?:\.{LEGACY}(?:\.\d{{2}})?)?"


def procedure_code(text: str) -> str:
    """A procedure: national `1.001193`, published by an agency, or one online service of it."""
    return _match(_PROCEDURE, text, "procedure_code_malformed")[0]


def national_procedure_code(text: str) -> str:
    """The part that all agencies share: `1.001193.000.00.00.H56` is `1.001193`."""
    return _match(_PROCEDURE, text, "procedure_code_malformed")[1]


def result_code(text: str) -> str:
    """A kind of result in the national catalogue: `000.00.00.G09-KQ002269` or `KQ.G07.000122`."""
    return _match(rf"{LEGACY}-KQ\d{{4,8}}|KQ\.[A-Z]\d{{2}}\.\d{{4,8}}", text, "result_code_malformed")[0]
