"""The exchange's settings in the form in which its adapters want them."""

from dataclasses import dataclass

from shared.settings import Settings


@dataclass(frozen=True, slots=True)
class Seal:
    """What the platform signs with: a private key and the certificate of its public half, both PEM."""

    key: str
    certificate: str


@dataclass(frozen=True, slots=True)
class Rules:
    """What the house accepts: the size of a file in bytes, authorities (PEM), SHA-1 of old partners."""

    limit: int
    authorities: str = ""
    allow_sha1: bool = False


def letter_rules(settings: Settings) -> Rules:
    """What the house accepts of messages."""
    authorities = settings.exchange_authorities
    return Rules(
        limit=settings.max_upload_bytes,
        authorities=authorities.read_text(encoding="utf-8") if authorities else "",
        allow_sha1=settings.exchange_sha1 == "accept",
    )


def seal_of(settings: Settings) -> Seal | None:
    """What the platform signs messages and evidence with; None when it was given no key, or no certificate for it."""
    if settings.exchange_key is None or settings.exchange_certificate is None:
        return None
    return Seal(settings.exchange_key, settings.exchange_certificate.read_text(encoding="utf-8"))
