"""The seal of a platform on one machine is made once, and signs evidence that can be verified."""

import os
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from local.seal import NAME, seal
from local.state import State


def test_a_seal_is_made_once_and_its_halves_fit(tmp_path: Path) -> None:
    state = State(tmp_path)
    made = seal(state)
    key, certificate = Path(made["EXCHANGE_KEY_FILE"]), Path(made["EXCHANGE_CERTIFICATE"])
    public = x509.load_pem_x509_certificate(certificate.read_bytes())
    assert public.subject.rfc4514_string() == f"CN={NAME}"
    private = load_pem_private_key(key.read_bytes(), None)
    assert private.public_key() == public.public_key()
    assert os.stat(key).st_mode & 0o077 == 0
    before = key.read_text(), certificate.read_text()
    assert seal(state) == made
    assert (key.read_text(), certificate.read_text()) == before
