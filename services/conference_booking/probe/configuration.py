"""The file that tells a probe which endpoint it is, by which lines it measures, and to whom it reports (TOML)."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from services.conference_booking.probe.asking import Line
from services.conference_booking.probe.reporting import Gateway

PORT = 8620
KINDS = ("primary", "backup")
KEY_BYTES = 32


class ConfigurationError(Exception):
    """The file is wrong; the message says where."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How often and how much: packets a second while measuring, seconds of a sample and between reports, minutes
    between trains that measure throughput (0 for never) and packets in one, samples kept while the centre is away."""

    packets: int = 20
    sample_seconds: float = 5.0
    report_seconds: float = 15.0
    train_minutes: float = 15.0
    train_packets: int = 100
    keep: int = 100_000


_BOUNDS = {
    "packets": (1, 1000),
    "sample_seconds": (0.5, 60),
    "report_seconds": (0.5, 600),
    "train_minutes": (0, 1440),
    "train_packets": (10, 500),
    "keep": (100, 5_000_000),
}


@dataclass(frozen=True, slots=True)
class Configuration:
    """What a probe is told."""

    endpoint: str
    key: bytes
    reflector: tuple[str, int]
    folder: Path
    gateway: Gateway
    lines: tuple[Line, ...]
    pace: Pace


def read_configuration(path: Path) -> Configuration:
    """The configuration in a file; paths in it are as seen from its folder.

    Raises:
        ConfigurationError: naming what is wrong.
    """
    try:
        return _configuration(tomllib.loads(path.read_text("utf-8")), path.parent)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as error:
        said = f"{error.args[0]} is missing" if isinstance(error, KeyError) else str(error)
        raise ConfigurationError(f"{path}: {said}") from error


def _configuration(plain: dict[str, Any], folder: Path) -> Configuration:
    _refuse_unknown(
        plain,
        ("endpoint", "key_file", "reflector", "folder", "gateway", "client", "secret_file", "authorities"),
        ("pace", "lines"),
    )
    host, _, port = plain["reflector"].rpartition(":")
    host, number = (host, int(port)) if host else (port, PORT)
    authorities = folder / plain["authorities"] if "authorities" in plain else None
    return Configuration(
        endpoint=plain["endpoint"],
        key=_key(folder / plain["key_file"]),
        reflector=(host.strip("[]"), number),
        folder=folder / plain["folder"],
        gateway=Gateway(
            plain["gateway"].rstrip("/"), plain["client"], _text(folder / plain["secret_file"]), authorities
        ),
        lines=tuple(_line(kind, line) for kind, line in plain["lines"].items()),
        pace=_pace(plain.get("pace", {})),
    )


def _refuse_unknown(plain: Mapping[str, Any], *known: tuple[str, ...]) -> None:
    unknown = sorted(set(plain).difference(*known))
    if unknown:
        raise ValueError(f"{', '.join(unknown)}: no such entry")


def _line(kind: str, plain: dict[str, Any]) -> Line:
    if kind not in KINDS:
        raise ValueError(f"lines.{kind}: a line is one of {', '.join(KINDS)}")
    return Line(kind, **plain)


def _pace(plain: dict[str, Any]) -> Pace:
    pace = Pace(**plain)
    for name, (least, most) in _BOUNDS.items():
        if not least <= getattr(pace, name) <= most:
            raise ValueError(f"pace.{name} is between {least} and {most}")
    return pace


def _key(path: Path) -> bytes:
    key = bytes.fromhex(_text(path))
    if len(key) != KEY_BYTES:
        raise ValueError(f"{path.name}: a key has {2 * KEY_BYTES} hexadecimal digits")
    return key


def _text(path: Path) -> str:
    return path.read_text("utf-8").strip()
