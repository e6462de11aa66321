"""How many files and connections the system lets this process open."""

from __future__ import annotations

import logging
import sys
from typing import Final

_log = logging.getLogger(__name__)

_ENOUGH: Final = 65_536


def raise_descriptor_limit(wanted: int) -> int | None:
    """Let this process open as many files as the system allows, and warn if that is fewer than wanted.

    Returns:
        The limit; None where there is none to speak of (Windows).
    """
    if sys.platform == "win32":
        return None
    import resource  # Windows has no such module

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    allowed = _ENOUGH if hard == resource.RLIM_INFINITY else min(hard, _ENOUGH)
    if soft != resource.RLIM_INFINITY and soft < allowed:
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))
            soft = allowed
        except (ValueError, OSError):  # macOS allows less than its hard limit
            _log.debug("the limit of open files stays at %d", soft)
    if soft == resource.RLIM_INFINITY:
        return None
    if soft < wanted:
        _log.warning(
            "The system lets this program open %d files, so fewer screens can connect than max_screens. "
            "Raise the limit: `ulimit -n %d`, or LimitNOFILE=%d in the service file.",
            soft,
            wanted,
            wanted,
        )
    return soft
