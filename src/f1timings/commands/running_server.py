"""How a command asks the server that owns a data folder: over loopback, as the folder's owner."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from f1timings.errors import F1TimingsError
from f1timings.store.data_folder import Control, read_control

_PATIENCE_S = 60.0
# A server that starts holds the folder some moments before it answers.
_STARTING_S = 10.0


def ask_server(data_dir: Path, method: str, path: str, body: object = None) -> Any:
    """Ask until the server is up, for a while.

    Args:
        body: sent as JSON; text as it is.

    Returns:
        The JSON of the answer, None for an empty one.

    Raises:
        F1TimingsError: it refuses, with its own words, or does not answer.
    """
    deadline = time.monotonic() + _STARTING_S
    while True:
        control = read_control(data_dir)
        try:
            if control is not None:
                return _answer_of(control, method, path, body)
            reason = "it is starting or was started by another user"
        except urllib.error.HTTPError as refusal:
            with refusal:
                raise F1TimingsError(_words_of(refusal)) from None
        except (urllib.error.URLError, TimeoutError, ConnectionError) as error:
            reason = str(error)
        if time.monotonic() > deadline:
            raise F1TimingsError(f"The running server did not answer ({reason}). Try again, or stop it.")
        time.sleep(0.2)


def _answer_of(control: Control, method: str, path: str, body: object) -> Any:
    text = body if isinstance(body, str) else json.dumps(body)
    request = urllib.request.Request(
        f"http://127.0.0.1:{control.port}{path}",
        method=method,
        data=None if body is None else text.encode(),
        headers={"Content-Type": "application/json", "Authorization": f"Bearer {control.secret}"},
    )
    # Whatever proxy the environment names, this machine is reached without it.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(request, timeout=_PATIENCE_S) as answer:
        said = answer.read()
    return json.loads(said) if said else None


def _words_of(refusal: urllib.error.HTTPError) -> str:
    """What the server says about it: a problem's detail, or the older program's message."""
    try:
        said = json.loads(refusal.read())
        return str(said.get("detail") or said["message"])
    except (ValueError, KeyError, TypeError, AttributeError):
        return f"The running server refused: {refusal}."
