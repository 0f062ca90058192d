"""Keys with certificates of their own, made anew for every session."""

from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from cryptography.x509.oid import NameOID

from services.document_routing.adapters.exchange_settings import Seal


@cache
def authority() -> Seal:
    """An authority that gives out certificates."""
    return _seal("Ban Cơ yếu (mẫu)", ec.generate_private_key(ec.SECP256R1()), 365, None, is_authority=True)


@cache
def seal_by_authority(name: str, organisation: str = "") -> Seal:
    """A seal whose certificate the authority gave out, to somebody or to one of an organisation."""
    return _seal(name, ec.generate_private_key(ec.SECP256R1()), 365, authority(), organisation=organisation)


@cache
def seal_of(name: str, *, curve: bool = False, days: int = 365) -> Seal:
    """A seal in somebody's name; with `days` below zero its certificate has expired."""
    key = ec.generate_private_key(ec.SECP256R1()) if curve else rsa.generate_private_key(65537, 2048)
    return _seal(name, key, days, None)


def _seal(
    name: str,
    key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey,
    days: int,
    issuer: Seal | None,
    *,
    organisation: str = "",
    is_authority: bool = False,
) -> Seal:
    parts = [x509.NameAttribute(NameOID.COMMON_NAME, name)]
    parts += [x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation)] if organisation else []
    until = datetime.now(UTC) + timedelta(days=days)
    signing_key: Any = load_pem_private_key(issuer.key.encode(), None) if issuer else key
    issued_by = x509.load_pem_x509_certificate(issuer.certificate.encode()).subject if issuer else x509.Name(parts)
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name(parts))
        .issuer_name(issued_by)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(until - timedelta(days=800))
        .not_valid_after(until)
    )
    if is_authority:
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    certificate = builder.sign(signing_key, hashes.SHA256())
    return Seal(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode(),
        certificate.public_bytes(Encoding.PEM).decode(),
    )
