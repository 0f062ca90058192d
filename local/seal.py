"""Keys of a platform on one machine: of its issuer of tokens, and the seal on messages and evidence, made once."""

from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import NameOID

from local.state import State

NAME = "Trục Chung (dữ liệu mẫu)"
_DAYS = 3650


def seal(state: State) -> dict[str, str]:
    """The settings of a seal that nobody outside knows: it shows what was altered, and binds nobody."""
    key = state.secret_file("exchange_key.pem", signing_key)
    certificate = state.secret_file("exchange_certificate.pem", lambda: self_signed(key.read_bytes()))
    return {"EXCHANGE_KEY_FILE": str(key), "EXCHANGE_CERTIFICATE": str(certificate)}


def signing_key() -> str:
    """A new private key on the curve P-256 (ES256: RFC 7518 section 3.4)."""
    key = ec.generate_private_key(ec.SECP256R1())
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def self_signed(pem: bytes) -> str:
    """A certificate that the key makes for itself."""
    key = load_pem_private_key(pem, None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=_DAYS))
        .sign(key, hashes.SHA256())
    )
    return certificate.public_bytes(Encoding.PEM).decode()
