"""What is told to Prometheus: numbers about the process, never about a person or a community."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest

from bot.log import values_of
from bot.model.signature import (
    AlreadySigned,
    FormForeign,
    NotOpen,
    NotTaken,
    Signed,
    SignResult,
    Status,
    TextChanged,
    TooOften,
)
from bot.vitals import Vitals

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
_RESULTS: Final = {
    AlreadySigned: "already_signed",
    NotOpen: "not_open",
    TooOften: "too_often",
    TextChanged: "text_changed",
    FormForeign: "form_foreign",
}
_SIZES: Final = (1, 2, 5, 10, 25, 50, 100, 250, 500)
_SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Metrics:
    """The metrics of one process. It watches the intake, and counts what is logged as wrong."""

    def __init__(self) -> None:
        its: dict[str, Any] = {"namespace": "undersigned", "registry": CollectorRegistry()}
        self._registry: CollectorRegistry = its["registry"]
        ProcessCollector(registry=self._registry)
        self._signatures = Counter("signatures", "Requests to sign, by what came of them.", ["result"], **its)
        self._batch = Histogram("intake_batch_size", "Signatures written together.", buckets=_SIZES, **its)
        self._wait = Histogram(
            "intake_wait_seconds", "How long the first of a batch waited for it.", buckets=_SECONDS, **its
        )
        self._queue = Gauge("intake_waiting", "Requests to sign that wait or are being written.", **its)
        self._problems = Counter(
            "problems", "Warnings and errors in the log, by platform.", ["platform", "level"], **its
        )
        self._database = Gauge("database_up", "Whether the database answers.", **its)
        self._up = Gauge("platform_up", "Whether the platform is being served.", ["platform"], **its)
        self._deliveries = Gauge(
            "deliveries", "Announcements to communities, by how far they are.", ["platform", "state"], **its
        )
        self._age = Gauge(
            "delivery_age_seconds",
            "For how long the delivery that waits longest is due.",
            ["platform"],
            **its,
        )
        self._lag = Gauge(
            "board_lag_seconds",
            "For how long the board that waits longest may be edited.",
            ["platform"],
            **its,
        )

    # --- watching ---

    def queue(self, depth: Callable[[], int]) -> None:
        self._queue.set_function(depth)

    def batch(self, size: int, waited: float) -> None:
        self._batch.observe(size)
        self._wait.observe(waited)

    def signed(self, result: SignResult) -> None:
        self._signatures.labels(_word(result)).inc()

    @contextmanager
    def counting_problems(self) -> Iterator[None]:
        """Count what is logged as wrong; nothing is kept of what is said."""
        handler = _Counting(self._problems)
        logging.getLogger().addHandler(handler)
        try:
            yield
        finally:
            logging.getLogger().removeHandler(handler)

    # --- telling ---

    async def text(self, vitals: Vitals) -> bytes:
        """Everything, as Prometheus reads it."""
        found = await vitals.measured()
        for platform, up in vitals.platforms().items():
            self._up.labels(platform).set(up)
        self._database.set(found is not None)
        for gauge in (self._deliveries, self._age, self._lag):
            gauge.clear()
        if found is not None:
            for (platform, state), count in found.deliveries.items():
                self._deliveries.labels(platform, state.value).set(count)
            for platform, (age, lag) in found.late.items():
                self._age.labels(platform).set(age)
                self._lag.labels(platform).set(lag)
        return generate_latest(self._registry)


def _word(result: SignResult) -> str:
    match result:
        case Signed(signature):
            return "held" if signature.status is Status.HELD else "signed"
        case NotTaken(busy):
            return "busy" if busy else "not_taken"
        case _:
            return _RESULTS[type(result)]


class _Counting(logging.Handler):
    def __init__(self, problems: Counter) -> None:
        super().__init__(logging.WARNING)
        self._problems = problems

    def emit(self, record: logging.LogRecord) -> None:
        self._problems.labels(str(values_of(record).get("platform", "")), record.levelname.lower()).inc()
