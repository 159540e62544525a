"""What a hostile input is, and what must become of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

CANARY = "无害的暗记"


class Case(NamedTuple):
    """One input: how its bytes are made, and what must be said of it."""

    id: str
    make: Callable[[], bytes]
    codes: tuple[str, ...] = ()
    """What was not read must have exactly these codes; "a|b" is either."""
    canary: str = ""
    """What must be in the text."""
    name: str = "hostile"
    """What the file is called."""
    finding: str = ""
    """A finding type that must be among the findings."""
