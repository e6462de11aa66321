"""Accounts: how they are created, changed and deleted. An admin always remains."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

from f1timings.access.accounts import Account, refuse_without_admin, validate_name
from f1timings.access.roles import Role
from f1timings.errors import ActConflict, ActInvalid
from f1timings.store import AccessStore, new_id
from f1timings.store.access import MAX_ACCOUNTS
from f1timings.web.access.credentials.changes import AccessChanges, Requester

ADMIN_NAME: Final = "admin"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountChange:
    """New values for an account; None leaves a value as it is."""

    version: int
    name: str | None = None
    role: Role | None = None
    is_disabled: bool | None = None
    password_hash: str | None = None


class Accounts:
    """Creates, changes and deletes accounts, each in one transaction with its log entry; thread-safe."""

    def __init__(self, changes: AccessChanges) -> None:
        self._changes = changes

    def add(self, name: str, role: Role, password_hash: str, *, by: Requester) -> Account:
        """Create an account.

        Raises:
            ActConflict: another account has the name.
            ActInvalid: the name is not valid, or there are too many accounts.
        """

        def work(store: AccessStore) -> Account:
            account = self.build(name, role, password_hash)
            store.refuse_taken_name(account.name)
            if len(store.list_records(Account)) >= MAX_ACCOUNTS:
                raise ActInvalid("accounts-full", most=MAX_ACCOUNTS)
            store.add(account)
            detail = f"account {account.name}, role {role}"
            store.log(self._changes.log_entry(by, "account created", detail))
            return account

        return self._changes.run(work)

    def change(self, account_id: str, change: AccountChange, by: Requester) -> Account:
        """Change an account. A new password, or disabling the account, ends its logins.

        Raises:
            NotFound: there is no account with that id.
            ActConflict: the account has changed since that version, the name belongs to another account, or
                the account is the last admin.
        """

        def work(store: AccessStore) -> Account:
            account = store.need(Account, account_id)
            if account.version != change.version:
                raise ActConflict("changed-since", account)
            changed = self._changed(account, change)
            store.refuse_taken_name(changed.name, owner_id=account.id)
            others = [other for other in store.list_records(Account) if other.id != account.id]
            refuse_without_admin([*others, changed])
            store.update(changed)
            if change.password_hash is not None or changed.is_disabled:
                store.end_logins(account.id)
            store.log(self._changes.log_entry(by, "account changed", _differences(account, changed)))
            return changed

        return self._changes.run(work)

    def change_password(self, account_id: str, password_hash: str, *, own_login: str, by: Requester) -> None:
        """Change the password of an account; its other logins end.

        Args:
            own_login: id of the login that continues.
        """

        def work(store: AccessStore) -> None:
            account = store.need(Account, account_id)
            store.update(self._next_version(replace(account, password_hash=password_hash)))
            store.end_logins(account_id, except_login=own_login)
            store.log(self._changes.log_entry(by, "password changed"))

        self._changes.run(work)

    def delete(self, account_id: str, by: Requester) -> None:
        """Delete an account and its logins.

        Raises:
            NotFound: there is no account with that id.
            ActConflict: the account is the last admin.
        """

        def work(store: AccessStore) -> None:
            account = store.need(Account, account_id)
            refuse_without_admin(other for other in store.list_records(Account) if other.id != account_id)
            store.remove(account)
            store.log(self._changes.log_entry(by, "account deleted", f"account {account.name}"))

        self._changes.run(work)

    def set_admin(self, password_hash: str) -> None:
        """Create or change the account ``admin``: an admin with this password. Its logins end."""

        def work(store: AccessStore) -> None:
            accounts = store.list_records(Account)
            account = next((account for account in accounts if account.name == ADMIN_NAME), None)
            if account is None:
                store.refuse_taken_name(ADMIN_NAME)
                store.add(self.build(ADMIN_NAME, Role.ADMIN, password_hash))
            else:
                store.end_logins(account.id)
                admin = replace(account, role=Role.ADMIN, is_disabled=False, password_hash=password_hash)
                store.update(self._next_version(admin))
            detail = f"account {ADMIN_NAME}, role {Role.ADMIN}"
            by = Requester("setting admin_password")
            store.log(self._changes.log_entry(by, "account changed", detail))

        self._changes.run(work)

    def build(self, name: str, role: Role, password_hash: str) -> Account:
        """A new account that is not stored yet.

        Raises:
            ActInvalid: the name is not valid.
        """
        now = self._changes.server_now()
        return Account(
            id=new_id(),
            name=validate_name(name),
            role=role,
            password_hash=password_hash,
            is_disabled=False,
            version=1,
            created_at=now,
            changed_at=now,
        )

    def _changed(self, account: Account, change: AccountChange) -> Account:
        values: dict[str, Any] = {
            "name": None if change.name is None else validate_name(change.name),
            "role": change.role,
            "is_disabled": change.is_disabled,
            "password_hash": change.password_hash,
        }
        given = {name: value for name, value in values.items() if value is not None}
        return self._next_version(replace(account, **given))

    def _next_version(self, account: Account) -> Account:
        return replace(account, version=account.version + 1, changed_at=self._changes.server_now())


def _differences(before: Account, after: Account) -> str:
    """What changed in an account, for the log; of a new password only the fact."""
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
