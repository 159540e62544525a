"""Reading on behind a member of a container that cost its worker: it costs only itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from prescan.scanner.child import SPENT
from prescan.types import Unread

if TYPE_CHECKING:
    from collections.abc import Callable

    from prescan.scanner.received import Received

#: So many members of a file may cost a worker; what follows the next one is not read.
_DEATHS_AT_MOST: Final = 2


def read_on(received: Received, name: str, read: Callable[[int, int], Received]) -> bool:
    """Read on behind each member that was the end of a worker; tell whether there was one.

    `read` reads the file called `name` with a fresh worker, without its first so many members, and does not scan it;
    it is also told how many pictures came so far: there is one budget for all of the file.
    What it gives is added to `received`, the members are noted as unread; `received.failure` is that of the last one.
    """
    for deaths in range(_DEATHS_AT_MOST):
        failure = received.failure
        if failure is None or failure.code not in SPENT or received.member is None:
            return deaths > 0
        number, inner = received.member
        received.unread.append(Unread.of(f"{name}/{inner}", failure.code, failure.detail))
        more = read(number + 1, received.drawn)
        received.blocks += more.blocks
        received.unread += more.unread
        received.failure, received.member = more.failure, more.member
    return True
