"""Pages of a gateway whose services fail, in the place of the platform's: the same code, and nothing need break."""

import io
from contextlib import redirect_stdout
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Page as Tab
from playwright.sync_api import Route

from gateway.portal.sessions import LANGUAGE_COOKIE
from shared.errors import Error
from tests.support.gateway import PUBLIC_URL, GatewayInHand
from tests.support.issuers import started_issuers
from tests.support.reader import Reader


class _Failing(dict[str, Any]):
    """What is answered to any question: the failure."""

    def __init__(self, failure: Error) -> None:
        super().__init__()
        self._failure = failure

    def __missing__(self, _question: str) -> Error:
        return self._failure


@cache
def _gateway() -> GatewayInHand:
    issuers = started_issuers(PUBLIC_URL)
    return GatewayInHand(environment=issuers.settings(), web=issuers.web())


def answer_instead(tab: Tab, path: str, login: str, failure: Error) -> None:
    """Let the next page at this path be that of a gateway whose every question meets the failure."""
    gateway = _gateway()
    gateway.begin_again()
    gateway.bus.answers = _Failing(failure)

    def answer(route: Route) -> None:
        tongue = next((one["value"] for one in tab.context.cookies() if one["name"] == LANGUAGE_COOKIE), "vi")
        with redirect_stdout(io.TextIOWrapper(io.BytesIO())):  # its access log
            reader = Reader(gateway.app)
            reader.client.set_cookie(LANGUAGE_COOKIE, tongue)
            made = (reader.sign_in(login) if login else reader).open(path).answer
        route.fulfill(status=made.status_code, headers=dict(made.headers), body=made.data)

    tab.route(lambda url: urlsplit(url).path == path, answer, times=1)
