"""A mail host's names, ports and folders, as its configuration and its agent must both know them."""

from dataclasses import dataclass
from pathlib import Path

from shared.settings import Settings

ACCOUNTS, USAGE = "accounts.db", "usage.db"
OUTSIDE = Path("outside", "letters")


@dataclass(frozen=True, slots=True)
class Ports:
    """Where a host listens; the first four to the world, `secure_*` only with a certificate, the rest to itself."""

    smtp: int = 25
    submission: int = 587
    imap: int = 143
    sieve: int = 4190
    secure_submission: int = 465
    secure_imap: int = 993
    lmtp: int = 8090
    quota: int = 8091
    auth: int = 8092
    control: int = 8093


@dataclass(frozen=True, slots=True)
class Layout:
    """Everything that the templates fill in.

    `private` is a host of a developer or a test: on loopback, in the foreground, and no mail ever leaves it. With
    `keeps_outside` it takes mail to addresses that are not its own and keeps it in `outside`, else it refuses that.
    `retry_seconds` is how soon mail that could not be delivered is tried again at first, `failure_seconds` how long
    a wrong password waits for its refusal. `mark` is a variable of the environment that servers hand to their children.
    """

    name: str
    folder: Path
    homes: Path
    archive: Path
    user: str
    readers: str
    control_key: str
    hooks: str
    posters: str
    ports: Ports = Ports()
    certificate: Path | None = None
    certificate_key: Path | None = None
    queue_days: int = 5
    private: bool = False
    keeps_outside: bool = False
    retry_seconds: int = 300
    failure_seconds: int = 2
    mark: str = ""

    @property
    def data(self) -> Path:
        """The folder of the two databases, which Dovecot and Postfix read."""
        return self.folder / "data"

    @property
    def outside(self) -> Path:
        """The Maildir of what a private host keeps instead of sending it."""
        return self.folder / OUTSIDE

    @property
    def listen(self) -> str:
        """The address at which the world finds the host."""
        return "127.0.0.1" if self.private else "0.0.0.0"


def layout_of(settings: Settings) -> Layout:
    """The layout of a real host."""
    return Layout(
        name=settings.mail_name,
        folder=settings.mail_folder,
        homes=settings.mail_homes,
        archive=settings.mail_archive,
        user=settings.mail_user,
        readers=settings.mail_readers,
        control_key=settings.mail_control_key,
        hooks=settings.mail_hooks_bind,
        posters=settings.mail_posters_bind,
        certificate=settings.mail_certificate,
        certificate_key=settings.mail_certificate_key,
        queue_days=settings.mail_queue_days,
    )
