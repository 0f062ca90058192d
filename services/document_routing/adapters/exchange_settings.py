"""The exchange's settings in the form in which its adapters want them."""

from services.document_routing.adapters.letters import Rules
from services.document_routing.adapters.xml_signature import Seal
from shared.settings import Settings


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
