"""What whoever asks needs to go on asking, whatever was asked: a token, a login, real things to name."""

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

PASSWORD: Final = "gravel trap at turn nine"
#: By the name of a path parameter: where such things are listed, and the field that is their id.
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


class Standing:
    """Somebody of one role at one server; ``role`` is empty for somebody who does not say who they are."""

    def __init__(self, address: str, data_dir: Path, role: str) -> None:
        self._address = address
        self._data_dir = data_dir
        self.role = role
        self._numbers = itertools.count(1)
        self._owner = self._made("admin")
        self._own = self._made(role) if role else None
        self._account: tuple[str, str] | None = None
        self._cookie: str | None = None

    @property
    def token(self) -> str | None:
        """What they show."""
        return None if self._own is None else str(self._own["token"])

    def throwaway(self) -> Mapping[str, Any]:
        """A token of theirs that may be revoked."""
        return self._made(self.role or "viewer")

    def is_needed(self, token_id: str) -> bool:
        """Whether the rest of the run needs this token."""
        return token_id in {one["id"] for one in (self._owner, self._own) if one is not None}

    def things(self, name: str) -> list[dict[str, Any]]:
        """Some of what a path parameter can name, as an admin sees it."""
        path, _ = LISTS[name]
        found: list[dict[str, Any]] = self._ask("GET", path)["items"]
        return found

    def cookie(self) -> str:
        """The cookie of a login of theirs that goes on."""
        if self._cookie is None:
            self._cookie = self._logged_in()
        return self._cookie

    def may_have_lost_login(self) -> None:
        """Something was done that may have ended the login, or the account."""
        self._cookie = None

    def credentials(self) -> tuple[str, str]:
        """Name and password of an account of theirs."""
        if self._account is None:
            name = f"{self.role} {next(self._numbers)}"
            self._ask("POST", "/api/v1/accounts", {"name": name, "password": PASSWORD, "role": self.role})
            self._account = name, PASSWORD
        return self._account

    def password_is(self, password: str) -> None:
        """The password of the account is another now."""
        self._account = self.credentials()[0], password

    def setup_code(self) -> str:
        """The code that the console showed last, empty if none."""
        log = self._data_dir.with_name(f"{self._data_dir.name}.log").read_text(errors="replace")
        shown = re.findall(r"enter the code (\S+)", log)
        return shown[-1] if shown else ""

    def _logged_in(self) -> str:
        for _ in range(2):
            name, password = self.credentials()
            try:
                with self._open("POST", "/api/v1/login", {"name": name, "password": password}) as answer:
                    return str(answer.headers["Set-Cookie"]).partition(";")[0]
            except urllib.error.HTTPError as refusal:
                refusal.close()
                self._account = None  # deleted, renamed or disabled meanwhile: the next one is new
        raise AssertionError("nobody can log in")

    def _made(self, role: str) -> Mapping[str, Any]:
        body = {"name": f"fuzz {role} {next(self._numbers)}", "role": role, "kind": "token"}
        made: Mapping[str, Any] = call_server(self._data_dir, "POST", OWNER_PATH, body=body)
        return made

    def _ask(self, method: str, path: str, body: object = None) -> Any:
        with self._open(method, path, body, Authorization=f"Bearer {self._owner['token']}") as answer:
            return json.load(answer)

    def _open(self, method: str, path: str, body: object = None, **headers: str) -> Any:
        url = f"http://{self._address}{urllib.parse.quote(path)}"
        sent = {"Content-Type": "application/json", "Origin": f"http://{self._address}"} | headers
        data = None if body is None else json.dumps(body).encode()
        return urllib.request.urlopen(urllib.request.Request(url, data, sent, method=method), timeout=30)
