"""A process of its own beside a benchmark or a test, so that its work is not measured with the server's."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self


class ChildProcess:
    """A new interpreter that runs one function; a context manager, at the end of which it is ended.

    Args:
        run: called with a pipe to this process and ``arguments``, all of which can be pickled.

    Attributes:
        pipe: the other end of that pipe. It raises ``EOFError`` if the process failed.
    """

    def __init__(self, run: Callable[..., object], *arguments: object) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipe, child_pipe = context.Pipe()
        self._process = context.Process(target=run, args=(child_pipe, *arguments), daemon=True)
        self._process.start()
        child_pipe.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.terminate()
        self._process.join()

    def ask(self, question: object = None) -> Any:
        """Send something to the process, and wait for what it answers.

        Raises:
            EOFError: the process failed.
        """
        self.pipe.send(question)
        return self.pipe.recv()
