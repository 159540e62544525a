"""What a file with members may cost: one purse for all of them, however deep they lie."""

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
#: Pictures beside text may use up this part of the budget.
_BESIDE_TEXT: Final = 0.6
_NAMES: Final = tuple(item.name for item in fields(Limits))
_VALUES: Final = operator.attrgetter(*_NAMES)
_TOO_DEEP: Final = "嵌套层数超过安全上限，请解压后逐个扫描"


class _Spent:
    """What has been used up so far; the only thing here that changes."""

    def __init__(self, depth: int, pictures: int = 0) -> None:
        self.fill(depth, pictures)

    def fill(self, depth: int, pictures: int) -> None:
        """Begin anew: nothing is used up but so many pictures."""
        self.expanded = 0
        self.members = 0
        self.pictures = pictures
        self.told: set[bytes] = set()
        """Digests of pictures that were handed on: a logo on every page is looked at once."""
        self.depth = depth
        """The depth of the outermost container."""


@dataclass(frozen=True, slots=True)
class Course:
    """How far the reading of the outermost container has come. Time counts anew for each of its members."""

    skip: int = 0
    """So many members are passed over: they were read before, or cost an earlier process its life."""
    begin: Callable[[int, str], None] | None = None
    """Told the number (from 0) and the path of each member before it is read."""
    pictures: int = 0
    """So many pages and pictures are handed on (types.Picture), for their text to be recognised; 0: none are, and a
    page without text is unread."""
    drawn: int = 0
    """So many of them were handed on by an earlier process."""


@dataclass(frozen=True, slots=True)
class SharedLimits(Limits):
    """Limits of a file and its members: what one member uses up is gone for the others."""

    spent: _Spent = field(default_factory=lambda: _Spent(0), repr=False, compare=False)
    course: Course = field(default_factory=Course, repr=False, compare=False)

    @classmethod
    def of(cls, limits: Limits, course: Course | None = None) -> SharedLimits:
        """Return `limits` with a purse; those that have one already share it."""
        if isinstance(limits, cls):
            return limits
        asked = course or _FROM_THE_START
        made = cls.__new__(cls)
        # As __init__ of a frozen dataclass sets them, without asking each time which they are.
        held = (*_VALUES(limits), _Spent(limits.depth, asked.drawn), asked)
        for put, value in zip(_PUTTING, held, strict=True):
            put(made, value)
        return made

    def refill(self) -> None:
        """Fill the purse again for the next file, read by itself: of a short one, making new limits took a tenth."""
        self.spent.fill(self.depth, self.course.drawn)

    def begin(self, number: int, path: str) -> bool:
        """Tell whether a member is to be read, and say so if the container is the outermost one."""
        if self.depth != self.spent.depth:
            return True
        if number >= self.course.skip and self.course.begin:
            self.course.begin(number, path)
        return number >= self.course.skip

    def deeper(self) -> SharedLimits:
        """Return the limits of a member. Raises ReadError("archive_limit") if that is one level too deep."""
        if self.depth < 1:
            raise ReadError("archive_limit", _TOO_DEEP)
        return replace(self, depth=self.depth - 1)

    @property
    def wants_pictures(self) -> bool:
        """Whether pictures are handed on instead of being said to be unread."""
        return self.course.pictures > 0

    def one_more_picture(self, kind: str) -> bool:
        """Tell whether a picture of this kind (types.Picture) is drawn and handed on, and count it.

        Pages that are nothing but pictures come first: the others leave them some of the budget.
        """
        most = self.course.pictures if kind == "page" else int(self.course.pictures * _BESIDE_TEXT)
        if self.spent.pictures >= most:
            return False
        self.spent.pictures += 1
        return True

    def is_new_picture(self, image: bytes) -> bool:
        """Tell whether a picture is seen for the first time in a file and its members."""
        digest = hashlib.sha256(image).digest()
        new = digest not in self.spent.told
        self.spent.told.add(digest)
        return new

    @property
    def full(self) -> bool:
        """Whether no further member may be read."""
        return self.spent.members >= self.members

    def most(self, packed: int) -> int:
        """Return how many bytes `packed` bytes may expand to now."""
        left = self.expanded_mb * MEGABYTE - self.spent.expanded
        return max(0, min(left, max(MEGABYTE, self.ratio * packed)))

    def check(self, size: int, packed: int) -> None:
        """Raise ReadError("archive_limit") if `packed` bytes may not expand to `size`."""
        if size > self.most(packed):
            raise ReadError("archive_limit", TOO_MUCH)

    def take(self, size: int) -> None:
        """Take a member of `size` bytes out of the purse. Raises ReadError("archive_limit")."""
        if self.full:
            raise ReadError("archive_limit", TOO_MANY)
        if size > self.expanded_mb * MEGABYTE - self.spent.expanded:
            raise ReadError("archive_limit", TOO_MUCH)
        self.spent.members += 1
        self.spent.expanded += size


_FROM_THE_START: Final = Course()
#: What sets each of the slots.
_PUTTING: Final = [getattr(SharedLimits, name).__set__ for name in (*_NAMES, "spent", "course")]
