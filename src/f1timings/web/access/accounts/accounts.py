"""How accounts change: each time in one transaction, noted in the log, never leaving nobody as admin."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

from f1timings.access.accounts import Account, checked_name, refuse_without_admin
from f1timings.access.actors import Role
from f1timings.errors import ActConflict, ActInvalid
from f1timings.store import AccessStore
from f1timings.store.access import MOST_ACCOUNTS
from f1timings.web.access.accounts.register import Register, Requester, new_id

ADMIN_NAME: Final = "admin"


@dataclass(frozen=True, slots=True)
class AccountChange:
    """What is to become of an account; None leaves it as it is."""

    version: int
    name: str | None = None
    role: Role | None = None
    is_disabled: bool | None = None
    password_hash: str | None = None


class Accounts:
    """Changes of accounts; from any thread."""

    def __init__(self, register: Register) -> None:
        self._register = register

    def set_admin(self, password_hash: str) -> None:
        """Let the account ``admin`` be an admin with this password, new or old; its logins end."""
        by = Requester("setting admin_password")

        def work(registry: AccessStore) -> None:
            account = next((one for one in registry.all(Account) if one.name == ADMIN_NAME), None)
            if account is None:
                registry.refuse_taken(ADMIN_NAME)
                registry.add(self.new(ADMIN_NAME, Role.ADMIN, password_hash))
            else:
                registry.end_logins(account.id)
                kept = replace(account, role=Role.ADMIN, is_disabled=False, password_hash=password_hash)
                registry.change(self._next(kept))
            registry.note(self._register.noted(by, "account changed", f"account {ADMIN_NAME}, role admin"))

        self._register.change(work)

    def change_password(self, account_id: str, password_hash: str, keep: str, by: Requester) -> None:
        """Give an account another password; its other logins end.

        Args:
            keep: id of the login that goes on.
        """

        def work(registry: AccessStore) -> None:
            account = registry.need(Account, account_id)
            registry.change(self._next(replace(account, password_hash=password_hash)))
            registry.end_logins(account_id, but=keep)
            registry.note(self._register.noted(by, "password changed"))

        self._register.change(work)

    def add(self, name: str, role: Role, password_hash: str, by: Requester) -> Account:
        """Make an account.

        Raises:
            ActConflict: the name is taken.
            ActInvalid: the name can be none, or there are too many accounts.
        """

        def work(registry: AccessStore) -> Account:
            account = self.new(name, role, password_hash)
            registry.refuse_taken(account.name)
            if len(registry.all(Account)) >= MOST_ACCOUNTS:
                raise ActInvalid(f"There are {MOST_ACCOUNTS} accounts; delete one that nobody uses.")
            registry.add(account)
            registry.note(self._register.noted(by, "account created", f"account {account.name}, role {role}"))
            return account

        return self._register.change(work)

    def change(self, account_id: str, change: AccountChange, by: Requester) -> Account:
        """Change an account; another password, or disabling it, ends its logins.

        Raises:
            NotFound: there is none of that id.
            ActConflict: it is another version by now, the name is taken, or it is the last admin.
        """

        def work(registry: AccessStore) -> Account:
            account = registry.need(Account, account_id)
            if account.version != change.version:
                raise ActConflict("Somebody changed this account meanwhile; look and try again.", account)
            after = self._changed(account, change)
            registry.refuse_taken(after.name, by=account.id)
            others = [one for one in registry.all(Account) if one.id != account.id]
            refuse_without_admin([*others, after])
            registry.change(after)
            if change.password_hash is not None or after.is_disabled:
                registry.end_logins(account.id)
            registry.note(self._register.noted(by, "account changed", _difference(account, after)))
            return after

        return self._register.change(work)

    def delete(self, account_id: str, by: Requester) -> None:
        """Delete an account and its logins.

        Raises:
            NotFound: there is none of that id.
            ActConflict: it is the last admin.
        """

        def work(registry: AccessStore) -> None:
            account = registry.need(Account, account_id)
            refuse_without_admin(one for one in registry.all(Account) if one.id != account_id)
            registry.remove(account)
            registry.note(self._register.noted(by, "account deleted", f"account {account.name}"))

        self._register.change(work)

    def new(self, name: str, role: Role, password_hash: str) -> Account:
        """An account that is not kept yet."""
        now = self._register.now()
        return Account(new_id(), checked_name(name), role, password_hash, False, 1, now, now)

    def _changed(self, account: Account, change: AccountChange) -> Account:
        asked: dict[str, Any] = {
            "name": None if change.name is None else checked_name(change.name),
            "role": change.role,
            "is_disabled": change.is_disabled,
            "password_hash": change.password_hash,
        }
        return self._next(replace(account, **{name: one for name, one in asked.items() if one is not None}))

    def _next(self, account: Account) -> Account:
        return replace(account, version=account.version + 1, changed_at=self._register.now())


def _difference(before: Account, after: Account) -> str:
    """What became of an account, without its password."""
    changes = [f"account {before.name}"]
    if before.name != after.name:
        changes.append(f"name {after.name}")
    if before.role is not after.role:
        changes.append(f"role {before.role} to {after.role}")
    if before.is_disabled != after.is_disabled:
        changes.append("disabled" if after.is_disabled else "enabled")
    if before.password_hash != after.password_hash:
        changes.append("new password")
    return ", ".join(changes)
