"""The watch tells when the certificates end that the public hosts show."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from cryptography import x509
from prometheus_client import REGISTRY

from local.certificates import given_out
from ops.watch import Watch
from shared.settings import load


class NoPartners(dict[str, Any]):
    """A database without anything in it."""

    def __missing__(self, _: str) -> "NoPartners":
        return self

    def find(self, *_: Any) -> list[Any]:
        return []


def test_the_certificates_of_public_hosts_are_watched_and_one_that_is_renewed_is_seen(tmp_path: Path) -> None:
    files = {"citizens": tmp_path / "citizens.crt", "agencies": tmp_path / "agencies.crt"}
    named = ",".join(f"{name}={file}" for name, file in files.items())
    settings = load({"AMQP_URI": "pyamqp://broker/x", "MONGO_URI": "mongodb://database", "PUBLIC_CERTIFICATES": named})
    watch = Watch(settings, cast(Any, NoPartners()))
    watch._look_at_certificates()  # of hosts for which the ingress has one certificate of its own there are no files
    assert REGISTRY.get_sample_value("certificate_expires_timestamp_seconds", {"certificate": "citizens"}) is None
    for _ in range(2):
        ends = {name: _write(file, tmp_path) for name, file in files.items()}
        watch._look_at_certificates()
        for name, end in ends.items():
            told = REGISTRY.get_sample_value("certificate_expires_timestamp_seconds", {"certificate": name})
            assert told == end.timestamp() > datetime.now(UTC).timestamp()


def _write(file: Path, folder: Path) -> datetime:
    _, certificate = given_out(folder, [f"{file.stem}.example.vn"])
    file.write_text(certificate, "utf-8")
    return x509.load_pem_x509_certificate(certificate.encode()).not_valid_after_utc
