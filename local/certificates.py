"""Keys and certificates for servers of one's own: an authority that is made once, and what it gives out."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

YEARS_OF_AUTHORITY, DAYS_OF_SERVER = 10, 825
"""Clients refuse certificates of servers that last longer than 825 days."""


def write_secret(path: Path, text: str) -> None:
    """Write a file that only its owner reads, at once or not at all."""
    new = path.with_name(f"{path.name}.new")
    new.unlink(missing_ok=True)
    new.touch(mode=0o600)
    new.write_text(text, "utf-8")
    new.rename(path)


def authority(folder: Path) -> tuple[str, str]:
    """Key and certificate (PEM) of the folder's authority, made at the first call."""
    key_file, file = folder / "authority.key", folder / "authority.crt"
    if not (key_file.exists() and file.exists()):
        key = ec.generate_private_key(ec.SECP256R1())
        name = _name("Trục Chung, cơ quan chứng thực nội bộ")
        made = _builder(name, name, key, YEARS_OF_AUTHORITY * 365)
        made = made.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        made = made.add_extension(_usage(signs=True), critical=True)
        write_secret(key_file, _pem(key))
        write_secret(file, made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM).decode())
    return key_file.read_text("utf-8"), file.read_text("utf-8")


def given_out(folder: Path, names: list[str]) -> tuple[str, str]:
    """Key and certificate of a server with these DNS names, by the folder's authority."""
    authority_key, authority_certificate = authority(folder)
    issuer = x509.load_pem_x509_certificate(authority_certificate.encode())
    signer = serialization.load_pem_private_key(authority_key.encode(), None)
    assert isinstance(signer, ec.EllipticCurvePrivateKey)
    key = ec.generate_private_key(ec.SECP256R1())
    made = _builder(_name(names[0]), issuer.subject, key, DAYS_OF_SERVER)
    made = made.add_extension(x509.SubjectAlternativeName([x509.DNSName(name) for name in names]), critical=False)
    purposes = [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]  # members of a replica set are both
    made = made.add_extension(x509.ExtendedKeyUsage(purposes), critical=False)
    made = made.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key())
    made = made.add_extension(identifier, critical=False)
    return _pem(key), made.sign(signer, hashes.SHA256()).public_bytes(serialization.Encoding.PEM).decode()


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, days: int
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    made = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key.public_key())
    made = made.serial_number(x509.random_serial_number())
    made = made.not_valid_before(now - timedelta(hours=1)).not_valid_after(now + timedelta(days=days))
    return made.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)


def _usage(*, signs: bool) -> x509.KeyUsage:
    none = dict.fromkeys(
        ("content_commitment", "key_encipherment", "data_encipherment", "key_agreement", "encipher_only"), False
    )
    return x509.KeyUsage(digital_signature=True, key_cert_sign=signs, crl_sign=signs, decipher_only=False, **none)


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common[:64])])


def _pem(key: ec.EllipticCurvePrivateKey) -> str:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
