"""Every setting of the platform, declared once; `shared.environment` says how they are given.

`docs/settings.md` is generated from this module.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Literal

from shared.environment import read, setting


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """The settings of one process; every process reads all of them, so that a wrong one shows at once."""

    amqp_uri: str = setting("Where RabbitMQ is, as `pyamqp://user:password@host:port/vhost`.", secret=True)
    mongo_uri: str = setting("Where MongoDB is, as `mongodb://…`; it must be a replica set.", secret=True)
    mongo_database_prefix: str = setting(
        "What the names of all databases begin with; each service has its own.", "trucchung_"
    )
    mongo_timeout_ms: int = setting(
        "After how many milliseconds a database operation, with its repetitions, is given up.", 5000, least=1
    )
    mongo_pool_size: int = setting("How many database connections a process may hold.", 50, least=1)

    traces_url: str | None = setting(
        "Where a collector (OTLP) takes traces, as `http://collector:4318/v1/traces`; without it, none are sent.",
        None,
    )
    traces_share: float = setting("Which share of the traces that begin here is sent, from 0 to 1.", 1.0, least=0)
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = setting("The least level that is logged.", "INFO")
    health_address: str = setting("The address on which the health port listens.", "0.0.0.0")
    health_port: int = setting("The port of liveness, readiness and metrics; 0 picks a free one.", 0, least=0)
    retention_rules: Path | None = setting(
        "The file of how long is kept what is no record; without it, the periods that come with the platform.", None
    )
    health_urls: tuple[str, ...] = setting(
        "Where processes tell of their health, for `python -m ops status`: `name=http://host:port`, by commas.", ()
    )
    jobs_run_by: Literal["hand", "clock"] = setting(
        "Whether something starts the jobs of every night by the clock; then `python -m ops status` shows one that "
        "never ran as a problem.",
        "hand",
    )
    max_workers: int = setting("How many messages a service process works on at a time.", 64, least=1)
    heartbeat: int = setting("Seconds between heartbeats to RabbitMQ; 0 turns them off.", 10, least=0)
    stop_grace_seconds: float = setting("How long a service may finish its work after SIGTERM.", 30.0, least=1)
    rpc_timeout_seconds: float = setting(
        "How long the gateway, or a mail host, waits for a service's answer.", 10.0, least=0.1
    )

    max_upload_bytes: int = setting("The largest file that may be uploaded, in bytes.", 50 * 1024 * 1024, least=1)
    allowed_file_types: tuple[str, ...] = setting(
        "Which kinds of file may be uploaded, separated by commas.",
        ("pdf", "jpeg", "png", "docx", "xlsx", "odt", "ods", "xml", "p7s", "csv"),
    )

    unattached_file_hours: int = setting(
        "How long a file may wait to be attached to something before `python -m shared.file_bucket` removes it.",
        24,
        least=1,
    )

    issuer_key: str | None = setting(
        "The private key (PEM) with which the built-in issuer signs tokens; without it there is no such issuer.",
        None,
        secret=True,
    )
    token_audience: str = setting("What a token must name as its audience (`aud`).", "truc-chung")
    clients_file: Path | None = setting("The file of clients known to the built-in issuer.", None)
    made_up_people: Literal["welcome", "refused"] = setting(
        "Whether the made-up officers come with set-up, and a file of clients may say `demo: true`: never where real "
        "people are served.",
        "welcome",
    )
    sign_in_citizens: str | None = setting(
        "The OpenID Connect issuer at which citizens sign in on the pages; without it, they do not.", None
    )
    sign_in_citizens_client: str = setting("What the pages are called there (`client_id`).", "truc-chung")
    sign_in_citizens_secret: str = setting("Their secret there; without it, only PKCE proves them.", "", secret=True)
    sign_in_officers: str | None = setting(
        "The OpenID Connect issuer at which officers sign in on the pages; without it, they do not.", None
    )
    sign_in_officers_client: str = setting("What the pages are called there (`client_id`).", "truc-chung")
    sign_in_officers_secret: str = setting("Their secret there; without it, only PKCE proves them.", "", secret=True)
    own_issuers: tuple[str, ...] = setting(
        "Issuers, by commas, whose names for people (`sub`) are those of the directory (`account`); names that others "
        "give carry a mark of their issuer.",
        (),
    )
    session_hours: float = setting("How many hours a person stays signed in on the pages.", 8.0, least=0.1)
    trusted_issuers: tuple[str, ...] = setting(
        "Other issuers whose tokens are accepted, by commas, each with the roles it may grant: "
        "`https://sso.example.vn=citizen,https://login.example.vn/realms/city=specialist|head_of_unit`.",
        (),
    )
    payment_secret: str | None = setting(
        "The secret with which the payment platform signs what it reports; without it, reports are refused.",
        None,
        secret=True,
    )
    payment_page: str = setting(
        "Where applicants are sent to pay; the order follows, signed.", "https://payment.example.vn/pay"
    )
    hotline: str = setting("The telephone number that forms print for questions.", "1022")
    draft_days: int = setting("How many days a draft is kept after it was last saved.", 30, least=1)
    catalogue_agency: str = setting(
        "The agency whose editors change the catalogue and the calendar, which all provinces on the platform share.",
        "H13",
    )
    payment_days: int = setting(
        "How many days an applicant is given to pay at most; ten where the officer names no day.", 30, least=1
    )
    gateway_bind: str = setting("Where the gateway listens, as `address:port`.", "0.0.0.0:8000")
    gateway_workers: int = setting(
        "How many worker processes the gateway has. One waits for thousands; add replicas before workers.", 1, least=1
    )
    drain_seconds: float = setting(
        "How long the gateway goes on taking requests after SIGTERM, while /ready says no, so that balancers leave it.",
        0.0,
        least=0,
    )
    trusted_proxies: int = setting("How many proxies before the gateway add X-Forwarded-For and -Proto.", 0, least=0)
    max_body_bytes: int = setting("The largest request body that is not a file, in bytes.", 1024 * 1024, least=1024)
    read_timeout_seconds: float = setting("How long the gateway waits for a request's body.", 15.0, least=0.1)
    upload_timeout_seconds: float = setting("How long an upload may take.", 600.0, least=1)
    public_per_minute: int = setting(
        "How many requests a minute one address may send to routes that need no sign-in, per worker.", 120, least=1
    )
    public_at_once: int = setting("How many of those it may send at once.", 60, least=1)
    prometheus_multiproc_dir: str | None = setting(
        "Where the gateway's workers share their metrics; its gunicorn configuration sets it.", None
    )
    exchange_key: str | None = setting(
        "The private key (PEM) with which the platform signs messages and evidence; without it nothing is signed.",
        None,
        secret=True,
    )
    exchange_certificate: Path | None = setting("The file of the certificate (PEM) of that key.", None)
    public_certificates: tuple[str, ...] = setting(
        "The certificates that the public hosts show, for the watch to see when they end: `name=file`, by commas. "
        "Where no such file is, somebody else watches it.",
        (),
    )
    exchange_authorities: Path | None = setting(
        "The file of authorities (PEM). What one of them gave out itself, to an agency under its name or code, is good "
        "for that agency's messages beside what is registered.",
        None,
    )
    exchange_sha1: Literal["refuse", "accept"] = setting(
        "Whether signatures of old partners that rest on SHA-1 are still accepted.", "refuse"
    )
    signature_authorities: Path | None = setting(
        "The file of authorities (PEM) to which signers of PDF files must go back; without it every unaltered "
        "signature counts.",
        None,
    )
    outside_folder: Path | None = setting(
        "The folder that another exchange's agent empties and fills; without it there is no other exchange.", None
    )
    mail_rules: Path | None = setting(
        "The file of mail domains, their hosts and the terms of mailboxes; without it, those of the sample.", None
    )
    name_servers: str = setting(
        "The name servers that the check of mail domains asks, as `address:port` with commas; without them, those of "
        "the system.",
        "",
    )
    conference_networks: Path | None = setting(
        "The file of networks of video conferences and their rules; without it, those of the sample.", None
    )
    calendar_days_past: int = setting(
        "How many days back calendars of meetings reach that others subscribe to.", 14, least=0
    )
    calendar_days_ahead: int = setting("How many days ahead they reach.", 180, least=1)
    janus_admin_secret: str | None = setting(
        "What opens the admin interface of Janus (`admin_secret`), on networks whose bridge it is.", None, secret=True
    )
    janus_room_key: str | None = setting(
        "With what Janus lets rooms be made (`admin_key` of its video rooms); the secret of each follows from it.",
        None,
        secret=True,
    )
    bridge_seconds: float = setting("How long a bridge may take to do what it is asked.", 5.0, least=0.1)
    probe_secret: str | None = setting(
        "The secret out of which the keys of all line probes follow; a former one may stand behind it, after a space, "
        "while they are exchanged.",
        None,
        secret=True,
    )
    reflector_bind: str = setting(
        "Where the reflector answers line probes over UDP, as `address:port`.", "0.0.0.0:8620"
    )
    reflector_per_second: int = setting(
        "How many packets a second one endpoint's probe may send to the reflector.", 200, least=1
    )
    scim_mailboxes: Literal["approve", "request", "none"] = setting(
        "What a user of an identity provider means for the mailbox: one that is approved at once, one that is "
        "requested, or none.",
        "approve",
    )
    webhook_targets: Literal["public", "any"] = setting(
        "Where webhooks may go: public HTTPS addresses only, or `any`, for tests and closed networks.", "public"
    )
    webhook_seconds: float = setting("How long a subscriber may take to answer a webhook.", 10.0, least=0.1)
    mail_host: str = setting("The name of the mail host whose agent this process is.", "mail-1")
    mail_name: str = setting("The name under which the mail host is known to other mail servers.", "localhost")
    mail_folder: Path = setting(
        "The folder of a mail host with its configuration and the accounts that it knows.", Path("/srv/truc-chung-mail")
    )
    mail_homes: Path = setting("The folder in which each mailbox has its home.", Path("/srv/truc-chung-mail/homes"))
    mail_archive: Path = setting(
        "The folder that keeps the mail of revoked mailboxes.", Path("/srv/truc-chung-mail/archive")
    )
    mail_user: str = setting("The system user to whom all mail belongs.", "vmail")
    mail_readers: str = setting("The group in which Postfix reads accounts; Dovecot is let in too.", "postfix")
    mail_certificate: Path | None = setting(
        "The certificate (PEM, with its chain) of a mail host; without it nobody can sign in but on the host itself.",
        None,
    )
    mail_certificate_key: Path | None = setting("The file of that certificate's private key (PEM).", None)
    mail_control_key: str = setting("The key with which the agent commands Dovecot.", "", secret=True)
    mail_control_url: str = setting("Where Dovecot is commanded.", "http://127.0.0.1:8093/doveadm/v1")
    mail_hooks_bind: str = setting("Where the agent listens to Dovecot, as `address:port`.", "127.0.0.1:8094")
    mail_posters_bind: str = setting(
        "Where the agent tells Postfix who may write to a moderated group, as `address:port`.", "127.0.0.1:8095"
    )
    mail_postfix_command: str = setting(
        "The command to which `reload` and `flush` are added, such as `sudo -n postfix -c /etc/postfix`.", "postfix"
    )
    mail_queue_days: int = setting("How many days mail waits that cannot be delivered, or is held.", 5, least=1)
    mail_check_seconds: float = setting(
        "How often the agent compares all accounts with the directory, in seconds.", 3600.0, least=1
    )
    mail_usage_seconds: float = setting(
        "How often the agent reports changed use, or that nothing changed, in seconds.", 60.0, least=0.1
    )
    mail_silent_seconds: float = setting(
        "After how long without a word from its agent the watch calls a mail host silent, in seconds; several times"
        " MAIL_USAGE_SECONDS.",
        300.0,
        least=1,
    )
    mail_tries_of_pair: int = setting(
        "How many different wrong passwords one address may try for one mailbox before it is refused there.",
        10,
        least=1,
    )
    mail_tries_of_mailbox: int = setting(
        "How many wrong ones for a mailbox, from anywhere, close it to addresses that it never came from.", 50, least=1
    )
    mail_tries_of_address: int = setting(
        "How many wrong ones from an address where nobody signs in close that address.", 30, least=1
    )
    mail_tries_minutes: float = setting("How many minutes wrong passwords are remembered.", 15.0, least=0.01)
    smtp_host: str | None = setting(
        "The mail server to which outgoing messages are submitted; without it each is kept as failed.",
        None,
    )
    smtp_port: int = setting("Its port.", 587, least=1)
    smtp_tls: Literal["starttls", "tls", "none"] = setting(
        "How the way there is protected: from the first byte (`tls`), after a greeting, or not, on one machine.",
        "starttls",
    )
    smtp_user: str | None = setting("As whom the platform signs in there; without it, it does not.", None)
    smtp_password: str = setting("The password of that user.", "", secret=True)
    smtp_sender: str = setting("The address from which outgoing messages come.", "khong-tra-loi@localhost")
    returned_host: str | None = setting(
        "The IMAP server with the inbox of that address, to which mail that could not be delivered is returned; "
        "without it, what comes back is not noted.",
        None,
    )
    returned_port: int = setting("Its port.", 993, least=1)
    returned_tls: Literal["tls", "none"] = setting("How the way there is protected.", "tls")
    returned_user: str | None = setting("As whom that inbox is opened.", None)
    returned_password: str = setting("The password of that inbox.", "", secret=True)
    smtp_max_bytes: int = setting(
        "How large all attachments of a message may be together; beyond it, it is sent without them.",
        15 * 1024 * 1024,
        least=0,
    )
    public_url: str = setting("The address under which people and systems reach the gateway.", "http://localhost:8000")
    officers_url: str | None = setting(
        "The address under which officers and agencies' systems reach it, where that is another one; the first then "
        "serves only what is open to everybody or to citizens.",
        None,
    )


def load(environ: Mapping[str, str] | None = None, *, without: Collection[str] = ()) -> Settings:
    """Read all settings from the environment; those that a process does `without` need not be given and are empty.

    Raises:
        SettingsError: naming everything that is missing or malformed.
    """
    return Settings(**read(fields(Settings), environ, without))
