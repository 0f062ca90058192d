"""Whether the process lives and can work, and its figures.

`/metrics` answers only on the internal port (HEALTH_PORT), which no ingress routes to: figures tell strangers
nothing they need. `/live` and `/ready` answer on both.
"""

from flask import Blueprint, Response, current_app, request

from gateway.auth.access import public
from shared.errors import Error, NotFound
from shared.observability import metrics_page

health = Blueprint("health", __name__)


@public("A probe of our own machines; tells nothing but yes.", limited=False)
def live() -> Response:
    """The event loop turns, or this would not be answered."""
    return _say("ok", 200)


@public("A probe of our own machines; tells nothing but yes or no.", limited=False)
def ready() -> Response:
    """The bus and the file store can be reached."""
    try:
        current_app.extensions["probe"]()
    except Error as error:
        return _say(error.code, 503)
    return _say("ok", 200)


@public("Only on the internal port.", limited=False)
def metrics() -> Response:
    """The figures of all workers."""
    if request.environ["SERVER_PORT"] != str(current_app.config["HEALTH_PORT"]):
        raise NotFound("route_unknown")
    page, content_type = metrics_page(current_app.config["METRICS_FOLDER"])
    return Response(page, content_type=content_type)


def _say(word: str, status: int) -> Response:
    return Response(word + "\n", status, mimetype="text/plain")


for view in (live, ready, metrics):
    health.add_url_rule(f"/{view.__name__}", view.__name__, view)
