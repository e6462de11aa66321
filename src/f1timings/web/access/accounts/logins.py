"""How logins begin and end: each with a secret of its own, of which only the browser has the text."""

from __future__ import annotations

from f1timings.access.accounts import Account, Login
from f1timings.access.actors import Role
from f1timings.errors import ActConflict, NotFound
from f1timings.store import AccessLogEntry, AccessStore
from f1timings.web.access.accounts.accounts import Accounts
from f1timings.web.access.accounts.denials import plain
from f1timings.web.access.accounts.directory import AccessDirectory
from f1timings.web.access.accounts.register import Register, Requester, new_id
from f1timings.web.access.checks.identity import hash_of, new_secret


class Logins:
    """Changes of logins; from any thread."""

    def __init__(self, register: Register, known: AccessDirectory, accounts: Accounts) -> None:
        self._register = register
        self._known = known
        self._accounts = accounts

    def set_up(self, name: str, password_hash: str, by: Requester, agent: str) -> tuple[Account, str]:
        """Make the first account, an admin, and log it in.

        Returns:
            The account, and the secret for its cookie.

        Raises:
            ActConflict: there is an account already.
        """
        secret = new_secret()

        def work(registry: AccessStore) -> Account:
            if registry.all(Account):
                raise ActConflict("There is an account already; log in with it.")
            account = self._accounts.new(name, Role.ADMIN, password_hash)
            registry.add(account)
            registry.add(self._new_login(account, secret, by, agent))
            registry.note(self._register.noted(by, "setup", f"account {account.name}"))
            return account

        return self._register.change(work), secret

    def begin(self, account: Account, by: Requester, agent: str, before: Login | None) -> str:
        """Begin a login; the one that the browser had before ends.

        Returns:
            The secret for the cookie.

        Raises:
            NotFound: the account is gone, disabled, or has another password by now.
        """
        secret = new_secret()

        def work(registry: AccessStore) -> None:
            current = registry.need(Account, account.id)
            if current.is_disabled or current.password_hash != account.password_hash:
                raise NotFound("The account has changed at this moment; try again.")
            if before is not None:
                registry.remove(before)
            registry.make_room_for_login(account.id)
            registry.add(self._new_login(account, secret, by, agent))
            registry.note(self._register.noted(by, "login"))

        self._register.change(work)
        return secret

    def leave(self, login: Login, by: Requester) -> None:
        """End a login by the one who has it."""
        self._end(login, self._register.noted(by, "logout"))

    def end(self, login: Login, by: Requester) -> None:
        """End a login from the list."""
        account = self._known.registered.accounts.get(login.account_id)
        name = account.name if account else ""
        self._end(login, self._register.noted(by, "login ended", f"account {name}, from {login.address}"))

    def _end(self, login: Login, noted: AccessLogEntry) -> None:
        def work(registry: AccessStore) -> None:
            registry.remove(login)
            registry.note(noted)

        self._register.change(work)

    def _new_login(self, account: Account, secret: str, by: Requester, agent: str) -> Login:
        now = self._register.now()
        return Login(new_id(), hash_of(secret), account.id, now, now, plain(by.ip), plain(agent))
