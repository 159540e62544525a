"""What a file with members may cost: one purse for all of them, however deep they lie."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Final

from prescan.errors import ReadError
from prescan.types import Limits

if TYPE_CHECKING:
    from collections.abc import Callable

MEGABYTE: Final = 1 << 20
TOO_MUCH: Final = "压缩内容展开后超过安全上限，请解压后逐个扫描"
TOO_MANY: Final = "文件个数超过安全上限，请解压后逐个扫描"
_TOO_DEEP: Final = "嵌套层数超过安全上限，请解压后逐个扫描"


class _Spent:
    """What has been used up so far; the only thing here that changes."""

    def __init__(self, depth: int) -> None:
        self.expanded = 0
        self.members = 0
        self.depth = depth
        """The depth of the outermost container."""


@dataclass(frozen=True, slots=True)
class Course:
    """How far the reading of the outermost container has come. Time counts anew for each of its members."""

    skip: int = 0
    """So many members are passed over: they were read before, or cost an earlier process its life."""
    begin: Callable[[int, str], None] | None = None
    """Told the number (from 0) and the path of each member before it is read."""


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
        given = {item.name: getattr(limits, item.name) for item in fields(Limits)}
        return cls(**given, spent=_Spent(limits.depth), course=course or Course())

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
