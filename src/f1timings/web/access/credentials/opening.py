"""Opens the accounts of a server from its settings."""

from __future__ import annotations

from f1timings.clock import ServerClock
from f1timings.config import Settings
from f1timings.store import Store
from f1timings.web.access.control import AccessControl, set_admin_password
from f1timings.web.access.credentials.setup_code import address_of_pages


def open_access(settings: Settings, store: Store, secret: str, *, clock: ServerClock) -> AccessControl:
    """The accounts, including the admin account of the settings.

    Raises:
        ConfigError: the password in the settings is not allowed.
    """
    access = AccessControl.create(
        store.transact,
        secret,
        address=address_of_pages(settings.host, settings.port, settings.scheme),
        allowed_hosts=(settings.allowed_hosts or "").split(","),
        clock=clock,
    )
    if settings.admin_password is not None:
        set_admin_password(access, settings.admin_password.get_secret_value())
    return access
