"""The client of a fuzz run: always has a valid token and login, and lists records to refer to."""

from __future__ import annotations

import itertools
import json
import re
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from f1timings.commands.running_server import call_server
from f1timings.web.access.token_routes import OWNER_PATH
from tests.waiting import LONGEST_WAIT_S

PASSWORD: Final = "gravel trap at turn nine"
#: By the name of a path parameter: the list of such records, and the field that is their id.
LISTS: Final[Mapping[str, tuple[str, str]]] = {
    "driver_id": ("/api/v1/drivers", "id"),
    "meeting_id": ("/api/v1/meetings", "id"),
    "lap_id": ("/api/v1/laps", "id"),
    "session_id": ("/api/v1/sessions", "id"),
    "rig": ("/api/v1/rigs", "rig"),
    "act_id": ("/api/v1/acts", "id"),
    "entry_id": ("/api/v1/queue", "id"),
    "account_id": ("/api/v1/accounts", "id"),
    "login_id": ("/api/v1/logins", "id"),
    "token_id": ("/api/v1/tokens", "id"),
}


class FuzzClient:
    """A client with one role at one server; ``role`` is empty for an anonymous client."""

    def __init__(self, address: str, data_dir: Path, role: str) -> None:
        self._address = address
        self._data_dir = data_dir
        self.role = role
        self._numbers = itertools.count(1)
        self._owner = self.create_token("admin")
        self._own = self.create_token(role) if role else None
        self._account: tuple[str, str] | None = None
        self._cookie: str | None = None

    @property
    def token(self) -> str | None:
        """The secret of the client's own token; None for an anonymous client."""
        return None if self._own is None else str(self._own["token"])

    def create_token(self, role: str | None = None) -> Mapping[str, Any]:
        """Create another token, by default of the client's role; its JSON."""
        role = role or self.role or "viewer"
        body = {"name": f"fuzz {role} {next(self._numbers)}", "role": role, "kind": "token"}
        token: Mapping[str, Any] = call_server(self._data_dir, "POST", OWNER_PATH, body=body)
        return token

    def needs_token(self, token_id: str) -> bool:
        """Whether the rest of the run needs this token."""
        return token_id in {token["id"] for token in (self._owner, self._own) if token is not None}

    def list_records(self, name: str) -> list[dict[str, Any]]:
        """The first page of records that a path parameter can refer to, as an admin reads them."""
        path, _ = LISTS[name]
        records: list[dict[str, Any]] = self._ask("GET", path)["items"]
        return records

    def cookie(self) -> str:
        """The cookie of a current login of the client's account."""
        if self._cookie is None:
            self._cookie = self._log_in()
        return self._cookie

    def forget_login(self) -> None:
        """Log in again next time: a request may have ended the login or deleted the account."""
        self._cookie = None

    def credentials(self) -> tuple[str, str]:
        """Name and password of an account with the client's role."""
        if self._account is None:
            name = f"{self.role} {next(self._numbers)}"
            self._ask("POST", "/api/v1/accounts", {"name": name, "password": PASSWORD, "role": self.role})
            self._account = name, PASSWORD
        return self._account

    def set_password(self, password: str) -> None:
        """Remember the new password of the account."""
        self._account = self.credentials()[0], password

    def setup_code(self) -> str:
        """The set-up code that the console showed last, empty if none."""
        log = self._data_dir.with_name(f"{self._data_dir.name}.log").read_text(errors="replace")
        codes = re.findall(r"enter the code (\S+)", log)
        return codes[-1] if codes else ""

    def _log_in(self) -> str:
        for _ in range(2):
            name, password = self.credentials()
            try:
                with self._open("POST", "/api/v1/login", {"name": name, "password": password}) as answer:
                    return str(answer.headers["Set-Cookie"]).partition(";")[0]
            except urllib.error.HTTPError as refusal:
                refusal.close()
                self._account = None  # deleted, renamed or disabled since: create another
        raise AssertionError("no account can log in")

    def _ask(self, method: str, path: str, body: object = None) -> Any:
        with self._open(method, path, body, Authorization=f"Bearer {self._owner['token']}") as answer:
            return json.load(answer)

    def _open(self, method: str, path: str, body: object = None, **headers: str) -> Any:
        url = f"http://{self._address}{urllib.parse.quote(path)}"
        sent = {"Content-Type": "application/json", "Origin": f"http://{self._address}"} | headers
        data = None if body is None else json.dumps(body).encode()
        return urllib.request.urlopen(
            urllib.request.Request(url, data, sent, method=method), timeout=LONGEST_WAIT_S
        )
