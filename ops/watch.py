"""Tells Prometheus what no part can tell of itself.

Queues that nobody reads, certificates that end, jobs that did not run, mail hosts that do not report, a disk that
fills: whoever is missing exports no figure. The process of `ops.service` looks every few seconds.
"""

import ssl
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import amqp
from cryptography import x509
from prometheus_client import Gauge
from pymongo import MongoClient
from pymongo.errors import PyMongoError
from pymongo.uri_parser import parse_uri

from ops import letters, mail_hosts, queues
from services.email_provisioning.domain.mail.failed_letters import FOR_OPERATORS
from shared.data_files import DataFileError
from shared.errors import Unavailable
from shared.job_runs import EXPECTED_WITHIN, runs
from shared.observability import logger
from shared.persistence import Document, database
from shared.settings import Settings

log = logger(__name__)

LOOK_SECONDS = 15.0
READY_SILENCE = 60.0
TLS_SECONDS = 5.0

WAITING = Gauge("queue_messages", "Messages that wait in a queue.", ["queue"])
READERS = Gauge("queue_readers", "Who reads a queue; none of one that is not there.", ["queue"])
EXPIRES = Gauge("certificate_expires_timestamp_seconds", "When a certificate ends, in Unix time.", ["certificate"])
SUCCEEDED = Gauge("task_succeeded_timestamp_seconds", "When a job last went well, in Unix time.", ["task"])
FAILED = Gauge("task_failed", "1 when the last run of a job failed.", ["task"])
PROBLEMS = Gauge("task_problems", "What the last run of a job found that a person must see to.", ["task"])
WITHIN = Gauge("task_expected_within_seconds", "After how long a job that runs by the clock is missing.", ["task"])
MAIL_CONTACT = Gauge(
    "mail_host_contact_timestamp_seconds", "When a mail host last asked or told, in Unix time.", ["host"]
)
MAIL_SILENT_AFTER = Gauge("mail_host_silent_after_seconds", "After how long without a word a mail host is silent.")
MAIL_WAITING = Gauge("mail_host_changes_waiting", "Changes of mailboxes that a mail host has not applied.", ["host"])
MAIL_LAG = Gauge("mail_host_lag_seconds", "Age of the oldest change that a mail host has not applied.", ["host"])
MAIL_DIFFERS = Gauge(
    "mail_host_differences", "How a mail host differed from the directory at its last comparison.", ["host", "what"]
)
LETTERS_FAILED = Gauge(
    "letters_failed", "Letters of the last three days that did not arrive and that operators can mend.", ["cause"]
)
DISK_USED = Gauge("database_disk_used_bytes", "What is used of the disk on which the database's primary writes.")
DISK = Gauge("database_disk_bytes", "The size of the disk on which the database's primary writes.")
LOOKED = Gauge("watch_looked_timestamp_seconds", "When this was last found out, in Unix time.", ["what"])

AWAY: tuple[type[Exception], ...] = (
    *(OSError, amqp.AMQPError, PyMongoError),
    *(Unavailable, DataFileError, ValueError),
)


class Watch:
    """Looks at one thing after the other; what is away now is looked at again in a while."""

    def __init__(self, settings: Settings, client: MongoClient[Document]) -> None:
        self._settings = settings
        self._client = client
        self._agents: list[str] = []  # the queues of mail hosts that once came
        self._looks: dict[str, Callable[[], None]] = {
            "mail hosts": self._look_at_mail_hosts,
            "letters": self._look_at_letters,
            "queues": self._look_at_queues,
            "jobs": self._look_at_jobs,
            "certificates": self._look_at_certificates,
            "disk": self._look_at_disk,
        }
        self.looked_at = {what: time.monotonic() for what in self._looks}
        self.stopping = threading.Event()

    def run(self) -> None:
        """Look until stopped."""
        while not self.stopping.is_set():
            self.look()
            self.stopping.wait(LOOK_SECONDS)

    def look(self) -> None:
        """Look once at everything."""
        for what, act in self._looks.items():
            try:
                act()
            except AWAY as error:
                log.warning("watch_blind", what=what, error=repr(error))
            else:
                self.looked_at[what] = time.monotonic()
                LOOKED.labels(what).set_to_current_time()

    def silence(self) -> float:
        """Seconds since that was seen which was seen longest ago."""
        return time.monotonic() - min(self.looked_at.values())

    def _look_at_mail_hosts(self) -> None:
        seen = list(mail_hosts.look(self._client, self._settings))
        MAIL_SILENT_AFTER.set(self._settings.mail_silent_seconds)
        for gauge in (MAIL_CONTACT, MAIL_WAITING, MAIL_LAG, MAIL_DIFFERS):
            gauge.clear()  # a host that the rules name no longer is of no interest any more
        for host in seen:
            since = host.waiting_since
            MAIL_WAITING.labels(host.host).set(host.waiting)
            for what, count in host.differences.items():
                MAIL_DIFFERS.labels(host.host, what).set(count)
            if host.contact:  # one that never came is not late: where nobody runs a mail host, changes wait for ever
                MAIL_CONTACT.labels(host.host).set(host.contact.timestamp())
                MAIL_LAG.labels(host.host).set(max(0.0, time.time() - since.timestamp()) if since else 0.0)
        self._agents = [host.queue for host in seen if host.contact]

    def _look_at_letters(self) -> None:
        LETTERS_FAILED.clear()
        for cause in FOR_OPERATORS:
            LETTERS_FAILED.labels(cause).set(0)
        for one in letters.look(self._client, self._settings):
            if not one.well:
                LETTERS_FAILED.labels(one.cause).inc(one.count)

    def _look_at_queues(self) -> None:
        found = list(queues.look(self._settings.amqp_uri, self._agents))
        for gauge in (WAITING, READERS):
            gauge.clear()  # a queue that is gone waits for nobody
        for seen in found:
            WAITING.labels(seen.queue).set(max(seen.waiting, 0))
            READERS.labels(seen.queue).set(seen.readers)

    def _look_at_jobs(self) -> None:
        if self._settings.jobs_run_by == "clock":
            for name, seconds in EXPECTED_WITHIN.items():
                WITHIN.labels(name).set(seconds)
        for job in runs(self._client, self._settings).find():
            FAILED.labels(job["_id"]).set(not job["well"])
            PROBLEMS.labels(job["_id"]).set(job["problems"])
            if succeeded := job.get("succeeded_at"):
                SUCCEEDED.labels(job["_id"]).set(succeeded.timestamp())

    def _look_at_disk(self) -> None:
        told = database(self._client, self._settings, "one_stop_shop").command("dbStats")  # one that is there
        DISK_USED.set(told["fsUsedSize"])
        DISK.set(told["fsTotalSize"])

    def _look_at_certificates(self) -> None:
        EXPIRES.clear()  # one that was replaced is of no interest any more
        for name, certificate in self._certificates():
            EXPIRES.labels(name).set(certificate.not_valid_after_utc.timestamp())

    def _certificates(self) -> Iterator[tuple[str, x509.Certificate]]:
        """Our own, those of the public hosts and of the servers, and of each partner the one that ends last."""
        settings = self._settings
        if settings.exchange_certificate:
            yield "exchange", x509.load_pem_x509_certificate(settings.exchange_certificate.read_bytes())
        for name, _, file in (entry.partition("=") for entry in settings.public_certificates):
            if Path(file).exists():
                yield name, x509.load_pem_x509_certificate(Path(file).read_bytes())
        for name, host, port in _tls_servers(settings):
            yield (
                name,
                x509.load_pem_x509_certificate(ssl.get_server_certificate((host, port), timeout=TLS_SECONDS).encode()),
            )
        partners = database(self._client, settings, "document_routing")["partners"]
        for partner in partners.find({}, {"certificates": 1}):
            held = [x509.load_pem_x509_certificate(pem.encode()) for pem in partner["certificates"]]
            if held:
                yield f"partner {partner['_id']}", max(held, key=lambda one: one.not_valid_after_utc)


def _tls_servers(settings: Settings) -> Iterator[tuple[str, str, int]]:
    """The servers that are reached with TLS."""
    bus = urlsplit(settings.amqp_uri)
    if bus.scheme.endswith("s"):
        yield "broker", bus.hostname or "", bus.port or 5671
    servers = parse_uri(settings.mongo_uri)
    if servers["options"].get("tls"):
        host, port = servers["nodelist"][0]
        yield "database", host, port or 27017
