"""Limits that a file and all its members share, however deeply they are nested."""

from __future__ import annotations

import hashlib
import operator
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Final

from prescan.errors import ReadError
from prescan.types import Limits

if TYPE_CHECKING:
    from collections.abc import Callable

MEGABYTE: Final = 1 << 20
TOO_MUCH: Final = "压缩内容展开后超过安全上限，请解压后逐个扫描"
TOO_MANY: Final = "文件个数超过安全上限，请解压后逐个扫描"
#: Pictures in pages that also hold text may use up this share of the budget.
_BESIDE_TEXT: Final = 0.6
_NAMES: Final = tuple(item.name for item in fields(Limits))
_VALUES: Final = operator.attrgetter(*_NAMES)
_TOO_DEEP: Final = "嵌套层数超过安全上限，请解压后逐个扫描"


class _Spent:
    """What has been used up so far; the only mutable state here."""

    def __init__(self, depth: int, pictures: int = 0) -> None:
        self.reset(depth, pictures)

    def reset(self, depth: int, pictures: int) -> None:
        """Start over: only `pictures` are used up."""
        self.expanded = 0
        self.members = 0
        self.pictures = pictures
        self.seen_pictures: set[bytes] = set()
        """Digests of pictures met so far: a logo on every page is looked at once."""
        self.depth = depth
        """The depth of the outermost container."""


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How to read a file: where to resume in the outermost container, and how many pictures to yield."""

    skip: int = 0
    """Skip this many members: they were read before, or killed an earlier process."""
    on_member: Callable[[int, str], None] | None = None
    """Called with the number (from 0) and the path of each member before it is read; the time limit restarts there."""
    pictures: int = 0
    """Yield at most this many pages and pictures (types.Picture) for text recognition; 0: none, and a page without
    text becomes an Unread."""
    pictures_used: int = 0
    """How many of them an earlier process yielded."""


@dataclass(frozen=True, slots=True)
class SharedLimits(Limits):
    """Limits that a file shares with its members: what one member uses up is gone for the others."""

    spent: _Spent = field(default_factory=lambda: _Spent(0), repr=False, compare=False)
    options: ReadOptions = field(default_factory=ReadOptions, repr=False, compare=False)

    @classmethod
    def of(cls, limits: Limits, options: ReadOptions | None = None) -> SharedLimits:
        """Return `limits` with a budget of its own; SharedLimits are returned as they are."""
        if isinstance(limits, cls):
            return limits
        chosen = options or _DEFAULTS
        made = cls.__new__(cls)
        # Sets the slots directly: __init__ of a frozen dataclass takes several times as long.
        values = (*_VALUES(limits), _Spent(limits.depth, chosen.pictures_used), chosen)
        for set_slot, value in zip(_SLOT_SETTERS, values, strict=True):
            set_slot(made, value)
        return made

    def reset(self) -> None:
        """Give the next file the whole budget again: cheaper for a short file than new limits."""
        self.spent.reset(self.depth, self.options.pictures_used)

    def enter_member(self, number: int, path: str) -> bool:
        """Return whether to read a member; in the outermost container, report it to `on_member` first."""
        if self.depth != self.spent.depth:
            return True
        if number >= self.options.skip and self.options.on_member:
            self.options.on_member(number, path)
        return number >= self.options.skip

    def deeper(self) -> SharedLimits:
        """Return the limits of a member. Raises ReadError("archive_limit") if that is one level too deep."""
        if self.depth < 1:
            raise ReadError("archive_limit", _TOO_DEEP)
        return replace(self, depth=self.depth - 1)

    @property
    def wants_pictures(self) -> bool:
        """Whether pictures are yielded for recognition instead of becoming an Unread."""
        return self.options.pictures > 0

    def take_picture(self, kind: str) -> bool:
        """Take a picture of this kind (types.Picture) out of the budget; False if none is left.

        A share of the budget is reserved for pages that are nothing but a picture.
        """
        most = self.options.pictures if kind == "page" else int(self.options.pictures * _BESIDE_TEXT)
        if self.spent.pictures >= most:
            return False
        self.spent.pictures += 1
        return True

    def is_new_picture(self, image: bytes) -> bool:
        """Return whether a picture is met for the first time in the file and its members, and remember it."""
        digest = hashlib.sha256(image).digest()
        new = digest not in self.spent.seen_pictures
        self.spent.seen_pictures.add(digest)
        return new

    @property
    def full(self) -> bool:
        """Whether no further member may be read."""
        return self.spent.members >= self.members

    def max_expanded(self, packed: int) -> int:
        """Return to how many bytes `packed` compressed bytes may still expand."""
        left = self.expanded_mb * MEGABYTE - self.spent.expanded
        return max(0, min(left, max(MEGABYTE, self.ratio * packed)))

    def check(self, size: int, packed: int) -> None:
        """Raise ReadError("archive_limit") if `packed` bytes may not expand to `size`."""
        if size > self.max_expanded(packed):
            raise ReadError("archive_limit", TOO_MUCH)

    def take(self, size: int) -> None:
        """Take a member of `size` bytes out of the budget. Raises ReadError("archive_limit")."""
        if self.full:
            raise ReadError("archive_limit", TOO_MANY)
        if size > self.expanded_mb * MEGABYTE - self.spent.expanded:
            raise ReadError("archive_limit", TOO_MUCH)
        self.spent.members += 1
        self.spent.expanded += size


_DEFAULTS: Final = ReadOptions()
#: What sets each slot of SharedLimits, in the order of `_NAMES`.
_SLOT_SETTERS: Final = [getattr(SharedLimits, name).__set__ for name in (*_NAMES, "spent", "options")]
