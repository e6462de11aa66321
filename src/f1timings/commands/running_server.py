"""How a command calls the server that owns a data folder: over loopback, with the secret in the folder."""

from __future__ import annotations

import json
import ssl
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from f1timings.errors import F1TimingsError
from f1timings.store.data_folder import Control, read_control

_ANSWER_TIMEOUT_S = 60.0
# A starting server owns the folder some moments before it answers.
_START_TIMEOUT_S = 10.0
_RETRY_S = 0.2


def call_server(data_dir: Path, method: str, path: str, *, body: object = None) -> Any:
    """Send one request to the server that owns a data folder; while it starts, try again for 10 s.

    Args:
        body: sent as JSON; a string is sent unchanged, as JSON that is already written.

    Returns:
        The JSON of the answer, or None for an empty answer.

    Raises:
        F1TimingsError: the server refuses the request (with the text of its answer) or does not answer.
    """
    deadline = time.monotonic() + _START_TIMEOUT_S
    while True:
        control = read_control(data_dir)
        try:
            if control is not None:
                return _send_request(control, method, path, body=body)
            reason = "it is starting, or another user started it"
        except urllib.error.HTTPError as refusal:
            with refusal:
                raise F1TimingsError(_refusal_text(refusal)) from None
        except (urllib.error.URLError, TimeoutError, ConnectionError) as error:
            reason = str(error)
        if time.monotonic() > deadline:
            raise F1TimingsError(f"The running server did not answer ({reason}). Try again, or stop it.")
        time.sleep(_RETRY_S)


def _send_request(control: Control, method: str, path: str, *, body: object) -> Any:
    text = body if isinstance(body, str) else json.dumps(body)
    request = urllib.request.Request(
        f"{control.scheme}://127.0.0.1:{control.port}{path}",
        method=method,
        data=None if body is None else text.encode(),
        headers={"Content-Type": "application/json", "Authorization": f"Bearer {control.secret}"},
    )
    # A proxy named in the environment must not be used: the server is on this machine.
    # Its certificate has the name under which others reach it.
    unverified = ssl.create_default_context()
    unverified.check_hostname, unverified.verify_mode = False, ssl.CERT_NONE
    opener = urllib.request.build_opener(
        urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=unverified)
    )
    with opener.open(request, timeout=_ANSWER_TIMEOUT_S) as answer:
        content = answer.read()
    return json.loads(content) if content else None


def _refusal_text(refusal: urllib.error.HTTPError) -> str:
    """The explanation in an answer: ``detail`` of a problem, or ``message`` of the older program's routes."""
    try:
        problem = json.loads(refusal.read())
        return str(problem.get("detail") or problem["message"])
    except (ValueError, KeyError, TypeError, AttributeError):
        return f"The running server refused the request: {refusal}."
