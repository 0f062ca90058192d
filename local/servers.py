"""The servers that the platform stands on: own ones, or those that the environment names."""

import os
import time
from collections.abc import Callable

from local import broker, database
from local.broker import Broker
from local.database import Database
from local.mail import MailHost, WithoutMail
from local.processes import Process, StartFailed
from local.starting import Plan, stop_together
from local.state import State


class Servers:
    """RabbitMQ and MongoDB: own ones, or the real ones that AMQP_URI and MONGO_URI name, which are never stopped.

    With `mail` a mail host too, if this machine can run one; else `without_mail` says why not.

    Raises:
        StartFailed: when a real one does not answer.
    """

    def __init__(self, state: State, *, mail: bool = False) -> None:
        amqp_uri, mongo_uri = os.environ.get("AMQP_URI"), os.environ.get("MONGO_URI")
        self.broker = None if amqp_uri else Broker(state)
        self.database = None if mongo_uri else Database(state)
        self.amqp_uri = self.broker.uri if self.broker else _checked("AMQP_URI", amqp_uri, broker.answers)
        self.mongo_uri = self.database.uri if self.database else _checked("MONGO_URI", mongo_uri, database.answers)
        self.brokers = [self.broker.node] if self.broker else []
        self.databases = [self.database.node] if self.database else []
        self._port_mappers = [self.broker.port_mapper] if self.broker else []
        self.mail, self.without_mail = _mail_host(state) if mail else (None, "")

    @property
    def processes(self) -> list[Process]:
        """The own servers' processes that must be kept alive."""
        return [*self._port_mappers, *self.brokers, *self.databases, *(self.mail.processes if self.mail else ())]

    def plan(self) -> Plan:
        """All at the same time, the broker after its port mapper."""
        others = {process: self._port_mappers if process in self.brokers else () for process in self.processes}
        return {**others, **(self.mail.plan() if self.mail else {})}

    def stop(self) -> None:
        """Stop the own servers, both at the same time, the port mapper last."""
        stop_together([*self.brokers, *self.databases, *(self.mail.processes if self.mail else ())])
        stop_together(self._port_mappers)


def _mail_host(state: State) -> tuple[MailHost | None, str]:
    """A private mail host, or why there is none."""
    try:
        return MailHost(state, keeps_outside=True), ""
    except WithoutMail as reason:
        return None, str(reason)


def _checked(variable: str, uri: str | None, answers: Callable[[str], bool]) -> str:
    """The address of a real server, once it answers."""
    deadline = time.monotonic() + 15
    while not answers(uri or ""):
        if time.monotonic() > deadline:
            raise StartFailed(f"the server that {variable} names does not answer")
        time.sleep(0.5)
    return uri or ""
