import ast
import io
import logging
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import orjson
import prometheus_client
import pytest
import structlog

from shared.contracts.base import events
from shared.observability import configure_logging, correlation_id, logger, metrics_page, traceparent, tracing

REPO = Path(__file__).parents[3]
PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"  # the example of the W3C recommendation


@pytest.fixture
def lines() -> Iterator[Any]:
    """What was logged, as the objects on the lines."""
    stream = io.StringIO()
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    configure_logging("one_stop_shop", "INFO", stream)
    yield lambda: [orjson.loads(line) for line in stream.getvalue().splitlines()]
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def test_every_event_is_one_json_line_with_its_place(lines: Any) -> None:
    with tracing("req-1", PARENT) as trace:
        logger("a.b").info("application_received", code="H13.01.02-261120-0001", count=3)
    (line,) = lines()
    assert line.pop("time").endswith("Z")
    assert line == {
        "event": "application_received", "code": "H13.01.02-261120-0001", "count": 3, "level": "info",
        "logger": "a.b", "service": "one_stop_shop", "correlation": "req-1",
        "trace": "0af7651916cd43dd8448eb211c80319c", "span": trace.span_id,
    }  # fmt: skip


def test_outside_of_any_work_a_line_has_no_trace(lines: Any) -> None:
    logger("a").info("started")
    assert not {"correlation", "trace", "span"} & set(lines()[0])


def test_the_page_of_the_log_names_what_is_written(lines: Any) -> None:
    page = (REPO / "docs/logs.md").read_text("utf-8")
    told = {
        name: where
        for names, where in re.findall(r"^\| ((?:`\w+`(?:, )?)+) \| ([^|]+) \|", page, re.MULTILINE)
        for name in re.findall(r"\w+", names)
    }
    with tracing():
        try:
            raise KeyError("x")
        except KeyError:
            logger("a").exception("broken")
    logger("a").info("started")
    within, outside = lines()
    assert set(outside) == {name for name, where in told.items() if where == "every line"}
    assert set(within) - set(outside) == {name for name, where in told.items() if where in ("within work", "errors")}
    source = ast.parse((REPO / "gateway/http/access_log.py").read_text("utf-8"))
    (written,) = (
        node.value for node in ast.walk(source) if isinstance(node, ast.Assign) and isinstance(node.value, ast.Dict)
    )
    assert {key.value for key in written.keys if isinstance(key, ast.Constant)} <= told.keys()
    assert "code" in told


def test_libraries_are_logged_alike_and_below_the_level_not_at_all(lines: Any) -> None:
    logging.getLogger("kombu").warning("lost %s", "an@example.vn")
    logging.getLogger("kombu").debug("noise")
    logger("a").debug("noise")
    (line,) = lines()
    assert (line["event"], line["level"], line["logger"]) == ("lost ***", "warning", "kombu")


def test_an_exception_is_logged_on_one_line_without_personal_data(lines: Any) -> None:
    try:
        raise ValueError("no citizen 012345678901")
    except ValueError:
        logger("a").exception("rpc_failed")
    (line,) = lines()
    assert "ValueError: no citizen ***" in line["exception"]
    assert "012345678901" not in str(line)


@pytest.mark.parametrize(
    "text",
    [
        "012345678901", "CCCD 001099012345.", "CMND:123456789", "mst 0101234567", "0101234567-001", "0912345678",
        "0912.345.678", "091 234 5678", "+84 912 345 678", "+84912345678", "0236 3888 888", "an.nguyen+1@danang.gov.vn",
        "(0912345678)", "phone=0912345678,", '{"identity": "012345678901"}',
    ],
)  # fmt: skip
def test_what_looks_like_personal_data_is_masked_wherever_it_stands(lines: Any, text: str) -> None:
    logger("a").info(text, note=text, inner={"list": [text, (text,)]}, error=ValueError(text))
    (line,) = lines()
    digits = "".join(filter(str.isdigit, text))[-4:] or "nguyen"
    assert digits not in "".join(filter(str.isalnum, str(line).replace(line["time"], "")))
    assert "***" in line["event"]


@pytest.mark.parametrize(
    "text",
    [
        "H13.01.02-261120-0001", "000.01.02.H13-261120-0001", "3f0e8a44-1c1b-4b7e-9a6e-123456789012", PARENT,
        "2026-11-20T08:30:15.123Z", "1.001612", "one_stop_shop.application", "inbox.document_routing", "12.5", "65535",
        "1763625600123", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    ],
)  # fmt: skip
def test_codes_ids_and_times_stay_readable(lines: Any, text: str) -> None:
    logger("a").info("checked", value=text)
    assert lines()[0]["value"] == text


def test_fields_with_personal_names_are_masked_as_a_whole(lines: Any) -> None:
    logger("a").info("seen", full_name="Lê Văn An", request={"Phone": 84, "submitter": {"x": "y"}, "email": None})
    (line,) = lines()
    assert line["full_name"] == "***"
    assert line["request"] == {"Phone": "***", "submitter": "***", "email": None}


def test_fields_that_an_event_declares_personal_are_masked(lines: Any) -> None:
    declared = {field for event in events() for field in event.personal}
    for field in declared:
        logger("a").info("seen", **{field: "Lê Văn An"})
    assert all("Lê Văn An" not in str(line) for line in lines())


def test_strange_values_never_break_the_log(lines: Any) -> None:
    logger("a").info("seen", lone="\ud800", big=2**70, key={1: object, (1, 2): b"\xff"}, none=None)
    (line,) = lines()
    assert line["event"] == "seen"
    assert line["none"] is None


def test_a_span_is_the_child_of_the_one_that_called() -> None:
    with tracing("req-1", PARENT) as outer:
        assert correlation_id() == "req-1"
        assert outer.trace_id == PARENT.split("-")[1]
        assert outer.span_id != PARENT.split("-")[2]
        assert traceparent() == f"00-{outer.trace_id}-{outer.span_id}-01"
        with tracing(correlation_id(), traceparent()) as inner:
            assert inner.trace_id == outer.trace_id
            assert inner.span_id != outer.span_id
        assert traceparent() == outer.traceparent
    assert (correlation_id(), traceparent()) == ("", "")


def test_the_decision_not_to_sample_is_handed_on() -> None:
    with tracing("", PARENT[:-2] + "00"):
        assert traceparent().endswith("-00")


@pytest.mark.parametrize(
    "sent",
    [
        "", "junk", PARENT.upper(), PARENT.replace("00-", "ff-", 1), "00-" + "0" * 32 + "-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-" + "0" * 16 + "-01", PARENT[:-1], PARENT + "\n", PARENT + "-extra",
    ],
)  # fmt: skip
def test_a_malformed_traceparent_starts_a_new_trace(sent: str) -> None:
    with tracing("", sent) as trace:
        assert len(trace.trace_id) == 32
        assert trace.trace_id not in sent


def test_a_later_version_of_traceparent_is_read_as_far_as_known() -> None:
    with tracing("", PARENT.replace("00-", "cc-", 1) + "-what-comes") as trace:
        assert trace.traceparent.startswith("00-0af7651916cd43dd8448eb211c80319c-")


@pytest.mark.parametrize("sent", ["", "a b", "x" * 129, "línea", 'a"b', "a\nb"])
def test_a_strange_correlation_id_is_replaced(sent: str) -> None:
    with tracing(sent) as trace:
        assert trace.correlation not in ("", sent)


def test_threads_do_not_see_each_others_traces() -> None:
    meet = threading.Barrier(8, timeout=10)

    def work(number: int) -> str:
        with tracing(f"work-{number}"):
            meet.wait()
            return correlation_id()

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(work, range(8))) == [f"work-{number}" for number in range(8)]


GREEN_THREADS = """
import warnings; warnings.simplefilter("ignore")
{patch}
from shared.observability import correlation_id, tracing
seen = []
def work(number):
    with tracing(f"work-{{number}}"):
        {sleep}(0)
        seen.append(correlation_id() == f"work-{{number}}")
with tracing("outer"):
    threads = [{spawn}(work, number) for number in range(20)]
    for thread in threads: thread.{wait}()
    assert correlation_id() == "outer"
assert seen == [True] * 20, seen
"""


@pytest.mark.parametrize(
    "words",
    [
        {
            "patch": "import eventlet; eventlet.monkey_patch()",
            "sleep": "eventlet.sleep", "spawn": "eventlet.spawn", "wait": "wait",
        },
        {
            "patch": "import gevent, gevent.monkey; gevent.monkey.patch_all()",
            "sleep": "gevent.sleep", "spawn": "gevent.spawn", "wait": "get",
        },
    ],
    ids=["eventlet", "gevent"],
)  # fmt: skip
def test_green_threads_do_not_see_each_others_traces(words: dict[str, str]) -> None:
    subprocess.run([sys.executable, "-c", GREEN_THREADS.format(**words)], cwd=REPO, check=True)


def test_metrics_of_one_process_are_shown() -> None:
    body, kind = metrics_page()
    assert b"python_info" in body
    assert kind.startswith("text/plain")


def test_metrics_of_several_processes_are_added_up(tmp_path: Path) -> None:
    count = "import prometheus_client as p; p.Counter('trucchung_seen', 'Seen.').inc(2)"
    for _ in range(2):
        subprocess.run([sys.executable, "-c", count], env={"PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}, check=True)
    body, _ = metrics_page(str(tmp_path))
    assert b"trucchung_seen_total 4.0" in body
    assert prometheus_client.REGISTRY.get_sample_value("trucchung_seen_total") is None
