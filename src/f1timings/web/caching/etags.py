"""ETags of answers: from the content, so that an answer that is the same again has the same one."""

from __future__ import annotations

import hashlib
from typing import Any, Final

#: An answer with this ETag may be kept, and must be asked for again each time.
CACHING: Final = "no-cache"
#: For the ``responses`` of a route.
NOT_MODIFIED: Final[dict[int | str, dict[str, Any]]] = {
    304: {"description": "It has not changed since the answer with the ETag in `If-None-Match`."}
}


def etag_of(content: bytes) -> str:
    """The ETag of a content."""
    return f'W/"{hashlib.sha256(content).hexdigest()[:32]}"'


def is_known(etag: str, if_none_match: str) -> bool:
    """Whether a client that sends this header ``If-None-Match`` has the content already."""
    return etag in if_none_match
