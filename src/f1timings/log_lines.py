"""The lines of the log on stderr: text for people, or one JSON object per message for programs."""

from __future__ import annotations

import logging
import re
from collections.abc import MutableMapping
from typing import Any, Final, Literal, TextIO

import structlog

LogFormat = Literal["console", "json"]
# The password in a URL, as of a database.
_PASSWORD: Final = re.compile(r"(://[^\s:/@]*:)[^\s@]+@")


def set_up_logging(level: str, log_format: LogFormat, stream: TextIO | None = None) -> None:
    """Write messages of this level and above, one line each; the calls in the program stay those of logging.

    Args:
        stream: stderr if None.
    """
    handler = logging.StreamHandler(stream)
    text = logging.Formatter("%(asctime)s %(levelname)-7s %(message)s")
    handler.setFormatter(_WithoutPasswords(text if log_format == "console" else _json_formatter()))
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    logging.getLogger("alembic").setLevel(logging.WARNING)


class _WithoutPasswords(logging.Formatter):
    """Another formatter, without the passwords of URLs."""

    def __init__(self, formatter: logging.Formatter) -> None:
        super().__init__()
        self._formatter = formatter

    def format(self, record: logging.LogRecord) -> str:
        """The line of a message."""
        return _PASSWORD.sub(r"\1***@", self._formatter.format(record))


def _json_formatter() -> logging.Formatter:
    """One object per message.

    ``timestamp`` (UTC), ``level``, ``logger``, ``event`` (the text), ``template`` (the text before its values
    were filled in, the same for all messages of one kind), fields given as ``extra``, and ``exception``.
    """
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.stdlib.ExtraAdder(),
            _add_template,
        ],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
    )


def _add_template(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    event.pop("color_message", None)  # uvicorn's text for terminals
    template = str(event["_record"].msg)
    if template != event["event"]:
        event["template"] = template
    return event
