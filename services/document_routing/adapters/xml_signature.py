"""XML signatures (XML-DSig) over messages: made with SHA-256, checked against what a sender registered.

The signature covers the envelope. Attachments lie outside of it; ours carry the SHA-256 of their content as their
`ContentId`, which the signed manifest repeats, so that nothing in them can change unnoticed either.
"""

import hashlib
import unicodedata
from base64 import b64decode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key
from cryptography.x509.oid import NameOID
from lxml import etree
from signxml.algorithms import CanonicalizationMethod, DigestAlgorithm, SignatureMethod
from signxml.exceptions import InvalidCertificate, SignXMLException
from signxml.signer import XMLSigner
from signxml.verifier import SignatureConfiguration, VerifyResult, XMLVerifier

from services.document_routing.adapters.edxml_tree import SIGNATURE_NAMESPACE, local_name
from services.document_routing.adapters.exchange_settings import Seal
from shared.errors import Invalid

SIGNATURE = f"{{{SIGNATURE_NAMESPACE}}}Signature"
ENVELOPE_ID = "edXMLEnvelope"

_METHODS = frozenset(method for method in SignatureMethod if not method.name.startswith(("HMAC", "DSA")))
_OLD = "SHA1"


@dataclass(frozen=True, slots=True)
class Trust:
    """Whose signatures are good: registered certificates, authorities (PEM), and whether SHA-1 of old partners is.

    A certificate that was not registered and goes back to an authority must name the sender by one of its `names`.
    """

    certificates: Sequence[str] = ()
    authorities: str = ""
    names: Sequence[str] = ()
    allow_sha1: bool = False


NOBODY = Trust()
"""Nobody's signature is good."""


@dataclass(frozen=True, slots=True)
class Signature:
    """A signature that was found good, and the very element that it covers, without the signature itself."""

    subject: str
    serial: str
    fingerprint: str
    valid_from: datetime
    valid_until: datetime
    method: str
    covers: str
    signed: etree._Element


def sign(root: etree._Element, seal: Seal) -> etree._Element:
    """The message with a signature in the place that its header keeps for one (`ds:Signature Id="placeholder"`)."""
    key = load_pem_private_key(seal.key.encode(), None)
    method = SignatureMethod.ECDSA_SHA256 if isinstance(key, ec.EllipticCurvePrivateKey) else SignatureMethod.RSA_SHA256
    signer = XMLSigner(
        signature_algorithm=method,
        digest_algorithm=DigestAlgorithm.SHA256,
        c14n_algorithm=CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0,
    )
    return signer.sign(root, key=seal.key, cert=seal.certificate, reference_uri=f"#{ENVELOPE_ID}")


def has_signature(root: etree._Element) -> bool:
    """Whether a message says that it is signed; an empty `DigitalSignature` element says nothing."""
    return next(root.iter(SIGNATURE), None) is not None


def covers_whole_file(root: etree._Element) -> bool:
    """Whether the signature speaks of the file as a whole, attachments included, and not of an element."""
    references = root.iter(f"{{{SIGNATURE_NAMESPACE}}}Reference")
    return any(reference.get("URI") == "" for reference in references)


def verify(root: etree._Element, trust: Trust) -> Signature:
    """Check the one signature of a message.

    Raises:
        Invalid: `signature_wrong` when it does not fit, `signature_not_trusted` when nobody knows whose it is.
    """
    found = list(root.iter(SIGNATURE))
    if len(found) != 1:
        raise Invalid("signature_wrong", reason="not exactly one signature")
    certificate = _certificate_of(found[0])
    results = _checked(root, certificate, trust)
    signed = next((one.signed_xml for one in results if _is_message(one.signed_xml)), None)
    if signed is None:
        raise Invalid("signature_wrong", reason="the signature does not cover the message")
    return Signature(
        subject=certificate.subject.rfc4514_string(),
        serial=f"{certificate.serial_number:x}",
        fingerprint=fingerprint(certificate),
        valid_from=certificate.not_valid_before_utc,
        valid_until=certificate.not_valid_after_utc,
        method=_method_of(found[0]),
        covers="file" if local_name(signed) == "edXML" else "envelope",
        signed=signed,
    )


def _checked(root: etree._Element, certificate: x509.Certificate, trust: Trust) -> list[VerifyResult]:
    known = {fingerprint(one) for one in map(read_certificate, trust.certificates)}
    vouched_for = _names_one_of(certificate, trust.names) and _is_given_out_by_one_of(certificate, trust.authorities)
    if fingerprint(certificate) not in known and not vouched_for:
        raise Invalid("signature_not_trusted", subject=certificate.subject.rfc4514_string())
    try:
        results = XMLVerifier().verify(root, x509_cert=certificate, expect_config=_configuration(trust))
    except InvalidCertificate as error:
        raise Invalid("signature_not_trusted", subject=certificate.subject.rfc4514_string()) from error
    except (SignXMLException, etree.LxmlError, ValueError, UnsupportedAlgorithm) as error:
        raise Invalid("signature_wrong", reason=str(error)[:200]) from error
    return results if isinstance(results, list) else [results]


def _names_one_of(certificate: x509.Certificate, names: Sequence[str]) -> bool:
    """Whether the certificate is that of one of these names itself: who only belongs to it has it in other parts."""
    said = {_plain(str(part.value)) for part in certificate.subject if part.oid in _NAMED_BY}
    return not said.isdisjoint(map(_plain, names))


def _is_given_out_by_one_of(certificate: x509.Certificate, authorities: str) -> bool:
    """Whether one of these authorities (PEM) signed the certificate itself and may still give out any.

    The chain is no longer than that: an authority between is listed too. The library's own check of chains is made for
    web servers and wants what signing certificates do not have.
    """
    now = datetime.now(UTC)
    for authority in x509.load_pem_x509_certificates(authorities.encode()) if authorities else ():
        try:
            certificate.verify_directly_issued_by(authority)
            constraints = authority.extensions.get_extension_for_class(x509.BasicConstraints).value
        except (ValueError, TypeError, InvalidSignature, x509.ExtensionNotFound):
            continue
        if constraints.ca and authority.not_valid_before_utc <= now <= authority.not_valid_after_utc:
            return True
    return False


_NAMED_BY = frozenset({NameOID.COMMON_NAME, NameOID.SERIAL_NUMBER, NameOID.USER_ID, NameOID.ORGANIZATION_IDENTIFIER})


def _plain(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).split()).casefold()


def _configuration(trust: Trust) -> SignatureConfiguration:
    return SignatureConfiguration(
        expect_references=False,
        signature_methods=frozenset(one for one in _METHODS if trust.allow_sha1 or _OLD not in one.name),
        digest_algorithms=frozenset(one for one in DigestAlgorithm if trust.allow_sha1 or _OLD not in one.name),
    )


def _is_message(signed: etree._Element | None) -> bool:
    return signed is not None and local_name(signed) in ("edXML", "edXMLEnvelope")


def _certificate_of(signature: etree._Element) -> x509.Certificate:
    held = signature.find(f".//{{{SIGNATURE_NAMESPACE}}}X509Certificate")
    try:
        return x509.load_der_x509_certificate(b64decode("" if held is None else held.text or ""))
    except ValueError as error:
        raise Invalid("signature_wrong", reason="the certificate of the signature cannot be read") from error


def _method_of(signature: etree._Element) -> str:
    method = signature.find(f".//{{{SIGNATURE_NAMESPACE}}}SignatureMethod")
    return "" if method is None else str(method.get("Algorithm", "")).rpartition("#")[2]


def read_certificate(pem: str) -> x509.Certificate:
    """A certificate from its PEM form.

    Raises:
        Invalid: `certificate_malformed`.
    """
    try:
        return x509.load_pem_x509_certificate(pem.encode())
    except ValueError as error:
        raise Invalid("certificate_malformed") from error


def fingerprint(certificate: x509.Certificate) -> str:
    """The SHA-256 of a certificate, by which it is known."""
    return hashlib.sha256(certificate.public_bytes(Encoding.DER)).hexdigest()
