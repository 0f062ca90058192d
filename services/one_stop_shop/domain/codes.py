"""The codes of agencies, applications, procedures and results: read, checked and issued."""

import re
from dataclasses import dataclass
from datetime import date

from shared.errors import Invalid

_LEGACY_AGENCY = r"\d{3}\.\d{2}\.\d{2}\.[A-Z]\d{2}"
_CURRENT_AGENCY = r"[A-Z]\d{2}(?:\.\d{2,3}){0,3}"
_AGENCY = f"(?:{_LEGACY_AGENCY}|{_CURRENT_AGENCY})"


def _match(pattern: str, text: str, code: str) -> re.Match[str]:
    """People type codes in small letters and with blanks around them; digits of other scripts are no digits."""
    found = re.fullmatch(pattern, text.strip().upper(), re.ASCII)
    if not found:
        raise Invalid(code, text=text)
    return found


def agency_id(text: str) -> str:
    """An agency identifier of either generation: QCVN 102:2016 (`000.00.06.H56`) or Decision 20/2020 (`H56.06`)."""
    return _match(_AGENCY, text, "agency_code_malformed")[0]


def is_legacy_agency_id(text: str) -> bool:
    """Whether it is of the generation of QCVN 102:2016; the current one never follows from it."""
    return re.fullmatch(_LEGACY_AGENCY, agency_id(text)) is not None


def parent_agency_id(text: str) -> str | None:
    """The identifier one level up, None for a ministry or province."""
    code = agency_id(text)
    if not is_legacy_agency_id(code):
        return code.rpartition(".")[0] or None
    parts = code.split(".")
    for level, part in enumerate(parts[:3]):
        if int(part):
            parts[level] = "0" * len(part)
            return ".".join(parts)
    return None


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


_PROCEDURE = rf"(\d\.\d{{6}})(?:\.{_LEGACY_AGENCY}(?:\.\d{{2}})?)?"


def procedure_code(text: str) -> str:
    """A procedure: national `1.001193`, published by an agency, or one online service of it."""
    return _match(_PROCEDURE, text, "procedure_code_malformed")[0]


def national_procedure_code(text: str) -> str:
    """The part that all agencies share: `1.001193.000.00.00.H56` is `1.001193`."""
    return _match(_PROCEDURE, text, "procedure_code_malformed")[1]


def result_code(text: str) -> str:
    """A kind of result in the national catalogue: `000.00.00.G09-KQ002269` or `KQ.G07.000122`."""
    return _match(rf"{_LEGACY_AGENCY}-KQ\d{{4,8}}|KQ\.[A-Z]\d{{2}}\.\d{{4,8}}", text, "result_code_malformed")[0]
