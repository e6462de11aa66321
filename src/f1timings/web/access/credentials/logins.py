"""Logins: how they begin and end. The browser has the secret of its login; the store has only a hash."""

from __future__ import annotations

from f1timings.access.accounts import Account, Login
from f1timings.access.roles import Role
from f1timings.errors import ActConflict, NotFound
from f1timings.store import AccessLogEntry, AccessStore, new_id
from f1timings.web.access.credentials.accounts import Accounts
from f1timings.web.access.credentials.changes import AccessChanges, Requester
from f1timings.web.access.credentials.directory import AccessDirectory
from f1timings.web.access.credentials.identity import hash_secret, new_secret
from f1timings.web.access.credentials.refusals import printable


class Logins:
    """Begins and ends logins; thread-safe."""

    def __init__(self, changes: AccessChanges, directory: AccessDirectory, accounts: Accounts) -> None:
        self._changes = changes
        self._directory = directory
        self._accounts = accounts

    def set_up(self, name: str, password_hash: str, *, by: Requester, agent: str) -> tuple[Account, str]:
        """Create the first account, an admin, and log it in.

        Returns:
            The account, and the secret for its cookie.

        Raises:
            ActConflict: an account exists already.
        """
        secret = new_secret()

        def work(store: AccessStore) -> Account:
            if store.list_records(Account):
                raise ActConflict("account-exists")
            account = self._accounts.build(name, Role.ADMIN, password_hash)
            store.add(account)
            store.add(self._build(account, secret, by=by, agent=agent))
            store.log(self._changes.log_entry(by, "setup", f"account {account.name}"))
            return account

        return self._changes.run(work), secret

    def begin(self, account: Account, *, by: Requester, agent: str, previous: Login | None) -> str:
        """Begin a login; the previous login of the same browser ends.

        Returns:
            The secret for the cookie.

        Raises:
            NotFound: the account was deleted or disabled, or has a new password since it was read.
        """
        secret = new_secret()

        def work(store: AccessStore) -> None:
            current = store.need(Account, account.id)
            if current.is_disabled or current.password_hash != account.password_hash:
                raise NotFound("account-changed")
            if previous is not None:
                store.remove(previous)
            store.make_room_for_login(account.id)
            store.add(self._build(account, secret, by=by, agent=agent))
            store.log(self._changes.log_entry(by, "login"))

        self._changes.run(work)
        return secret

    def log_out(self, login: Login, by: Requester) -> None:
        """End a login on request of its own browser."""
        self._end(login, self._changes.log_entry(by, "logout"))

    def end(self, login: Login, by: Requester) -> None:
        """End a login chosen from the list of logins."""
        account = self._directory.records.accounts.get(login.account_id)
        name = account.name if account else ""
        self._end(login, self._changes.log_entry(by, "login ended", f"account {name}, from {login.address}"))

    def _end(self, login: Login, entry: AccessLogEntry) -> None:
        def work(store: AccessStore) -> None:
            store.remove(login)
            store.log(entry)

        self._changes.run(work)

    def _build(self, account: Account, secret: str, *, by: Requester, agent: str) -> Login:
        now = self._changes.now()
        return Login(
            id=new_id(),
            secret_hash=hash_secret(secret),
            account_id=account.id,
            created_at=now,
            last_seen_at=now,
            address=printable(by.ip),
            agent=printable(agent),
        )
