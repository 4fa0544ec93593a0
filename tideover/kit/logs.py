"""The log: one line an event, as JSON or for a terminal, with nothing in it that a person wrote or that leads to her.

What our own code logs says what happened by codes and keys. Of what libraries log, an address of a page may hold a link's
secret and the text of an error what somebody typed: of those the line keeps the route, the error's type and where it came from.
"""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import MutableMapping
from typing import Any

import structlog
from structlog.stdlib import ProcessorFormatter

FRAMES = 4
"""So many of the innermost calls stand in the line of an error."""

Event = MutableMapping[str, Any]
STAMPS = (structlog.processors.add_log_level, structlog.processors.TimeStamper(fmt="iso", utc=True))


def begin(*, as_json: bool) -> dict[str, Any]:
    """Log by structlog from here on. What Django wants to know of it, as LOGGING."""
    structlog.configure(
        processors=[*STAMPS, without_words, ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
    )
    shown = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if as_json
        else structlog.dev.ConsoleRenderer(colors=False)
    )
    line = {
        "()": ProcessorFormatter,
        "processors": [ProcessorFormatter.remove_processors_meta, shown],
        "foreign_pre_chain": [*STAMPS, of_a_library, without_words],
    }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": line},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        # What a library says in passing may name whom it writes to, or a device's push address: of others only what went wrong.
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {
            "tideover": {"level": "INFO"},
            "django": {"handlers": [], "level": "INFO"},
            "django.request": {"level": "ERROR"},
            "django.server": {"handlers": [], "propagate": True, "level": "ERROR"},
        },
    }


def of_a_library(_: object, __: str, event: Event) -> Event:
    """Of a page that failed its route and status instead of its address."""
    record: logging.LogRecord = event["_record"]
    if record.name.startswith("django."):
        asked = getattr(getattr(record, "request", None), "resolver_match", None)
        event["event"] = record.name
        event["status"], event["route"] = getattr(record, "status_code", None), asked.route if asked else None
    return event


def without_words(_: object, __: str, event: Event) -> Event:
    """Of an error its type and the innermost calls; its text may hold what somebody typed."""
    told = event.pop("exc_info", None)
    told = sys.exc_info() if told is True else told
    error = told[1] if isinstance(told, tuple) else told
    if not isinstance(error, BaseException):
        return event
    calls = traceback.extract_tb(error.__traceback__)[-FRAMES:]
    where = [f"{_short(it.filename)}:{it.lineno} {it.name}" for it in calls]
    event["error"], event["where"] = type(error).__name__, where
    return event


def _short(file: str) -> str:
    """A file from its package on."""
    return file.rpartition("/site-packages/")[2].rpartition("/tideover/")[2]
