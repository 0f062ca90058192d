"""Writes `.env.example`: what docker-compose.yml lets a person decide, with every setting at its default."""

import textwrap
from collections.abc import Iterator
from dataclasses import MISSING, Field, fields
from typing import Any

from shared.environment import env_name
from shared.settings import Settings

_GIVEN = frozenset(
    {
        *("amqp_uri", "mongo_uri", "health_address", "health_port", "gateway_bind", "prometheus_multiproc_dir"),
        *("clients_file", "exchange_certificate", "reflector_bind"),
    }
)
"""What the containers themselves decide. Secrets are files, and a mail host is a machine of its own."""

_HEAD = """\
# What docker-compose.yml lets you decide. `sh local/prepare-compose.sh` copies it to .env and makes the secrets.
# Written by `make docs`. A line that begins with a comment sign holds the default; paths are those in the containers.

# The name before all containers and volumes.
COMPOSE_PROJECT_NAME=truc-chung
# The image: built here by `--build`, or one from your registry.
# IMAGE=truc-chung
# Broker and database, as a mirror of yours calls them.
# RABBITMQ_IMAGE=rabbitmq:3.13.7-management
# MONGO_IMAGE=mongo:7.0.40
# Where people and systems reach the gateway; a proxy with TLS belongs before it, and TRUSTED_PROXIES=1 then.
GATEWAY_PORT=8080
PUBLIC_URL=http://localhost:8080
# The UDP port on which line probes at endpoints are answered.
REFLECTOR_PORT=8620
# The programs and, for a demonstration, the people whom the built-in issuer knows.
CLIENTS_FILE=./local/demo/clients.yaml
# The folder of this machine with the secrets, and that which all containers see as /config.
# SECRETS_FOLDER=./secrets
# CONFIG_FOLDER=./config
# Where backups stand: a volume, or a folder of this machine (/srv/backups) that user 10001 may write.
# BACKUP_VOLUME=backups
# Another exchange: set OUTSIDE_FOLDER below too; the volume may be a folder of this machine (./outside).
# COMPOSE_PROFILES=outside
# OUTSIDE_VOLUME=outside
"""


_OF_THE_WATCH = {"mail_rules", "mail_silent_seconds"}
"""What of mail is decided here, not at a mail host."""


def env_example() -> str:
    """The whole file."""
    return _HEAD + "".join(_entry(declared) for declared in _decided())


def _decided() -> Iterator["Field[Any]"]:
    for declared in fields(Settings):
        secret = declared.metadata["secret"]
        of_mail_host = declared.name.startswith("mail_") and declared.name not in _OF_THE_WATCH
        if not secret and not of_mail_host and declared.name not in _GIVEN | {"public_url"}:
            yield declared


def _entry(declared: "Field[Any]") -> str:
    assert declared.default is not MISSING, f"{declared.name} has no default: give it in docker-compose.yml"
    default = ",".join(declared.default) if isinstance(declared.default, tuple) else declared.default
    comment = textwrap.fill(declared.metadata["doc"], 118, initial_indent="# ", subsequent_indent="# ")
    return f"\n{comment}\n# {env_name(declared)}={'' if default is None else default}\n"
