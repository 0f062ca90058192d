"""What a job leaves behind of its runs, and what the watch tells of queues that are gone."""

import os
import signal
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, cast

import pytest
from prometheus_client import REGISTRY

from ops import queues, watch
from ops.parts import judge_job
from shared.job_runs import noted_run, runs
from shared.persistence import connect
from shared.settings import Settings, load


@pytest.fixture
def settings(mongo_uri: str, mongo_prefix: str) -> Settings:
    return replace(load(without=("amqp_uri", "mongo_uri")), mongo_uri=mongo_uri, mongo_database_prefix=mongo_prefix)


def noted(settings: Settings) -> dict[str, Any]:
    with connect(settings, "test") as client:
        return cast(dict[str, Any], runs(client, settings).find_one({"_id": "chains"}))


def test_a_run_that_fails_keeps_what_the_last_good_one_found(settings: Settings) -> None:
    with pytest.raises(OSError, match="away"), noted_run(settings, "chains"):
        raise OSError("away")
    assert (noted(settings)["well"], noted(settings)["problems"]) == (False, 0)
    with noted_run(settings, "chains") as run:
        run.problems, run.found = 2, [{"aggregate": "x"}]
    with pytest.raises(OSError, match="away"), noted_run(settings, "chains"):
        raise OSError("away")
    after = noted(settings)
    assert (after["well"], after["problems"], after["found"]) == (False, 2, [{"aggregate": "x"}])
    assert after["succeeded_at"] < after["at"]


def test_a_run_that_its_deadline_ends_is_noted_as_failed(settings: Settings) -> None:
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(SystemExit), noted_run(settings, "chains"):
        os.kill(os.getpid(), signal.SIGTERM)
    assert signal.getsignal(signal.SIGTERM) is before
    run = noted(settings)
    assert run["well"] is False
    standing, _, problem = judge_job(run, 26 * 3600, datetime.now(UTC), by_clock=True)
    assert (standing, "its deadline is over" in problem) == ("failed", True)


def test_a_queue_that_is_gone_waits_for_nobody(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = [queues.Seen(queue=name, waiting=3, readers=0) for name in ("mail-host.one", "mail-host.two")]
    monkeypatch.setattr(queues, "look", lambda *_: iter(seen))
    with connect(settings, "test") as client:
        looking = watch.Watch(replace(settings, amqp_uri="amqp://nowhere"), client)
        looking._look_at_queues()
        assert REGISTRY.get_sample_value("queue_readers", {"queue": "mail-host.two"}) == 0
        seen.pop()
        looking._look_at_queues()
    assert REGISTRY.get_sample_value("queue_readers", {"queue": "mail-host.two"}) is None
    assert REGISTRY.get_sample_value("queue_messages", {"queue": "mail-host.one"}) == 3
