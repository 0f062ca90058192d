"""Evidence as one ZIP file: every part as it is stored, a manifest of their hashes, and the platform's signature.

A reader needs nothing but this file: the manifest's hashes show what was altered in it, the chains inside show what was
altered before it was written, and the signature shows that the platform wrote it.
"""

import hashlib
import json
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import IO, Any

from bson import json_util
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from services.document_routing.adapters.exchange_settings import Seal
from services.document_routing.domain.evidence import DAMAGED, Evidence, Finding, sha256_of
from shared.files import FileStore, StoredFile

MANIFEST, SIGNATURE, CERTIFICATE, EVIDENCE = "manifest.json", "manifest.sig", "certificate.pem", "evidence.json"
OWNER = "document_routing"
LARGEST = 2**31
_CHUNK = 255 * 1024
_AS_STORED = json_util.CANONICAL_JSON_OPTIONS.with_options(tz_aware=True, tzinfo=UTC)


class ZipVault:
    """Writes evidence; declared in `ports_exchange.Vault`. `contents` holds files, `store` takes the ZIP."""

    def __init__(self, contents: FileStore, store: FileStore, seal: Seal | None) -> None:
        self._contents = contents
        self._store = store
        self._seal = seal

    def write(self, evidence: Evidence, name: str, now: datetime) -> StoredFile:
        """The stored file with all parts, their hashes, and a signature where there is a seal."""
        with tempfile.TemporaryFile() as file:
            self.write_to(file, evidence, now)
            file.seek(0)
            return self._store.put(file, limit=LARGEST, name=name, declared_type="application/zip", owner=OWNER)

    def write_to(self, file: IO[bytes], evidence: Evidence, now: datetime) -> None:
        """Write the ZIP into an open file."""
        parts: dict[str, str] = {}
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            _add(archive, parts, EVIDENCE, [_plain(evidence)])
            for content in sorted({content for _, content in evidence.named_files}):
                if evidence.files.get(content) not in (None, DAMAGED):  # of these the judge says what is wrong
                    _add(archive, parts, f"files/{content}", self._contents.open(content).chunks)
            manifest = {"document": evidence.id, "exported_at": now.astimezone(UTC).isoformat()}
            text = json.dumps({**manifest, "parts": parts}, indent=1, sort_keys=True).encode()
            archive.writestr(MANIFEST, text)
            if self._seal is not None:
                archive.writestr(SIGNATURE, _signature(self._seal, text))
                archive.writestr(CERTIFICATE, self._seal.certificate)


def _add(archive: zipfile.ZipFile, parts: dict[str, str], name: str, chunks: Iterable[bytes]) -> None:
    digest = hashlib.sha256()
    with archive.open(name, "w", force_zip64=True) as part:
        for chunk in chunks:
            digest.update(chunk)
            part.write(chunk)
    parts[name] = digest.hexdigest()


def _plain(evidence: Evidence) -> bytes:
    """Everything but the contents of files, with moments and large numbers as they are stored."""
    return json_util.dumps(
        asdict(evidence), indent=1, sort_keys=True, ensure_ascii=False, json_options=_AS_STORED
    ).encode()


def _signature(seal: Seal, text: bytes) -> bytes:
    key = load_pem_private_key(seal.key.encode(), None)
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return key.sign(text, ec.ECDSA(hashes.SHA256()))
    if not isinstance(key, rsa.RSAPrivateKey):
        raise TypeError("the seal's key is neither RSA nor on an elliptic curve")
    return key.sign(text, padding.PKCS1v15(), hashes.SHA256())


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a file of evidence is worth: what is wrong in it, how much was looked at, whose signature it carries."""

    findings: list[Finding]
    checked: int
    signed_by: str


def judge(file: IO[bytes], findings: Callable[[Evidence], list[Finding]], certificate: str = "") -> Verdict:
    """Judge a file of evidence by itself; with a certificate (PEM) its signature must be of that one.

    `findings` judges what the file holds; it is the judge of the store too.
    """
    with zipfile.ZipFile(file) as archive:
        manifest = _manifest(archive)
        parts = list(_judge_manifest(archive, manifest))
        signed_by, wrong = _judge_signature(archive, certificate)
        try:
            evidence = _read(archive)
            inside, hops = findings(evidence), len(evidence.log)
        except _UNREADABLE:
            parts, inside, hops = parts or [Finding(f"part {EVIDENCE}", "altered")], [], 0
    return Verdict([*wrong, *parts, *inside], len(manifest or ()) + hops, signed_by)


def _read(archive: zipfile.ZipFile) -> Evidence:
    stored = json_util.loads(archive.read(EVIDENCE), json_options=_AS_STORED)
    damaged = {content: digest for content, digest in stored["files"].items() if digest == DAMAGED}
    return Evidence(**{**stored, "files": damaged | _digests(archive)})


def _manifest(archive: zipfile.ZipFile) -> dict[str, str] | None:
    """The hashes of the parts by their names; None where they cannot be read."""
    try:
        parts = json.loads(archive.read(MANIFEST))["parts"]
    except _UNREADABLE:
        return None
    return {name: str(digest) for name, digest in parts.items()} if isinstance(parts, dict) else None


def _content_of(archive: zipfile.ZipFile, name: str) -> bytes:
    """A part as it stands, nothing where its bytes cannot be read."""
    try:
        return archive.read(name)
    except _UNREADABLE:
        return b""


_UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    RuntimeError,  # as if with a password, or packed in a way that is not known
    OSError,
    EOFError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
)
"""What reading raises when bytes were altered; which of them depends on where they stand."""


def _judge_manifest(archive: zipfile.ZipFile, parts: Mapping[str, str] | None) -> Iterator[Finding]:
    there = set(archive.namelist())
    if parts is None:
        yield Finding(f"part {MANIFEST}", "altered" if MANIFEST in there else "missing")
        return
    there -= {MANIFEST, SIGNATURE, CERTIFICATE}
    for name, digest in parts.items():
        if name not in there:
            yield Finding(f"part {name}", "missing", digest)
        elif _digest(archive, name) != digest:
            yield Finding(f"part {name}", "altered", digest)
    yield from (Finding(f"part {name}", "inserted") for name in sorted(there - parts.keys()))


def _digest(archive: zipfile.ZipFile, name: str) -> str:
    """The SHA-256 of a part; one whose own check sum is wrong, or that cannot be unpacked, has none."""
    try:
        with archive.open(name) as part:
            return sha256_of(iter(lambda: part.read(_CHUNK), b""))
    except _UNREADABLE:
        return DAMAGED


def _digests(archive: zipfile.ZipFile) -> dict[str, str | None]:
    names = [name for name in archive.namelist() if name.startswith("files/")]
    return {name.removeprefix("files/"): _digest(archive, name) for name in names}


def _judge_signature(archive: zipfile.ZipFile, expected: str) -> tuple[str, list[Finding]]:
    names = archive.namelist()
    if SIGNATURE not in names or CERTIFICATE not in names:
        return "", [Finding("signature of the manifest", "missing")] if expected else []
    try:
        certificate = x509.load_pem_x509_certificate(_content_of(archive, CERTIFICATE))
    except ValueError:
        return "", [Finding("certificate", "altered")]
    subject = certificate.subject.rfc4514_string()
    if expected and x509.load_pem_x509_certificate(expected.encode()) != certificate:
        return subject, [Finding("certificate", "altered", subject)]
    if not _fits(certificate, _content_of(archive, SIGNATURE), _content_of(archive, MANIFEST)):
        return subject, [Finding("signature of the manifest", "altered", subject)]
    return subject, []


def _fits(certificate: x509.Certificate, signature: bytes, text: bytes) -> bool:
    key: Any = certificate.public_key()
    try:
        if isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, text, ec.ECDSA(hashes.SHA256()))
        else:
            key.verify(signature, text, padding.PKCS1v15(), hashes.SHA256())
    except InvalidSignature:
        return False
    return True
