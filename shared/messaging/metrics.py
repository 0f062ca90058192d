"""The figures that messaging shows to Prometheus."""

from prometheus_client import Counter, Gauge, Histogram

PUBLISHED = Counter("events_published_total", "Events confirmed by the broker.", ["exchange"])
PUBLISH_FAILED = Counter("events_publish_failed_total", "Attempts to publish that were not confirmed.", ["reason"])
OUTBOX_PENDING = Gauge("outbox_pending", "Events stored and not yet published, at the last sweep.")
OUTBOX_AGE = Gauge("outbox_oldest_age_seconds", "Age of the oldest event not yet published, at the last sweep.")

EVENTS_HANDLED = Counter("events_handled_total", "Events applied by a handler.", ["type"])
EVENTS_FAILED = Counter("events_failed_total", "Failures of handlers.", ["type"])
INBOX_HELD = Gauge("inbox_held", "Events kept back: waiting for predecessors, failing or parked.", ["state"])
INBOX_AGE = Gauge("inbox_oldest_age_seconds", "Age of the oldest event kept back.", ["state"])
REPLAYS_ASKED = Counter("inbox_replays_asked_total", "Requests to an owner to publish missing events again.")
DEAD_LETTERED = Counter("messages_dead_lettered_total", "Messages refused for good.", ["queue"])

IN_PROGRESS = Gauge("messages_in_progress", "Messages received and not yet settled.")
AT_ONCE = Gauge("messages_at_once", "How many requests a process takes at a time, by its settings.")
RPC_SECONDS = Histogram(
    "rpc_seconds",
    "Time from receiving a request to handing over its answer.",
    ["method", "outcome"],
    buckets=(0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30),
)
RPC_EXPIRED = Counter("rpc_expired_total", "Requests past their deadline, not executed.")

DUE_FIRED = Counter("due_work_fired_total", "Due work done.", ["collection"])
DUE_FAILED = Counter("due_work_failed_total", "Due work that failed and was postponed.", ["collection"])
DUE_LAG = Gauge("due_work_lag_seconds", "How long the oldest due work has been due.", ["collection"])
