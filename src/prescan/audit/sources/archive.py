"""A zip or tar of a site: members are read one at a time, in the order of the archive, into memory only.

The archive may be larger than memory; a member over the size limit becomes an Item with code too_large.
"""

from __future__ import annotations

import lzma
import tarfile
import zipfile
import zlib
from typing import TYPE_CHECKING, Final

from prescan.audit.sources import Broken, Item, placed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import IO

    from prescan.audit.plan import Plan
    from prescan.audit.sources import Progress

MEMBER_BYTES: Final = 100 * 1024 * 1024
_LITTER: Final = frozenset({"__MACOSX", ".DS_Store"})
_UTF8_NAME: Final = 0x800
_ENCRYPTED: Final = 0x1
_DAMAGE: Final = (zipfile.BadZipFile, tarfile.TarError, zlib.error, lzma.LZMAError, OSError, EOFError, ValueError)
_CUT: Final = "压缩包已损坏或不完整，其后的文件未读，请重新打包后再运行"


def items(path: Path, plan: Plan, progress: Progress) -> Iterator[Item | Broken]:
    """Yield the members that are files."""
    walk = _zip(path, plan, progress) if path.name.lower().endswith(".zip") else _tar(path, plan, progress)
    try:
        yield from walk
    except (*_DAMAGE, NotImplementedError):
        yield Item(path.name, code="corrupted", detail=_CUT)
        yield Broken(_CUT)


def _zip(path: Path, plan: Plan, progress: Progress) -> Iterator[Item]:
    with zipfile.ZipFile(path) as archive:
        for number, info in enumerate(archive.infolist()):
            name = _name(info)
            if number <= _after(progress) or info.is_dir() or not _LITTER.isdisjoint(name.split("/")):
                continue
            place = placed(name, plan)
            progress.begin(number, place)
            if info.flag_bits & _ENCRYPTED:
                yield Item(place, code="encrypted")
            elif info.file_size > MEMBER_BYTES:
                yield Item(place, code="too_large")
            else:
                try:
                    with archive.open(info) as stream:
                        yield _read(stream, place)
                except (*_DAMAGE, NotImplementedError):  # a bad member must not cost the others
                    yield Item(place, code="corrupted")


def _tar(path: Path, plan: Plan, progress: Progress) -> Iterator[Item]:
    with tarfile.open(path, mode="r|*") as archive:
        for number, member in enumerate(archive):
            name = member.name.removeprefix("./")
            if number <= _after(progress) or not member.isreg() or not _LITTER.isdisjoint(name.split("/")):
                continue
            progress.begin(number, placed(name, plan))
            stream = archive.extractfile(member)
            if member.size > MEMBER_BYTES:
                yield Item(placed(name, plan), code="too_large")
            elif stream:
                yield _read(stream, placed(name, plan))


def _after(progress: Progress) -> int:
    return -1 if progress.after is None else int(progress.after)


def _read(stream: IO[bytes], place: str) -> Item:
    data = stream.read(MEMBER_BYTES + 1)
    if len(data) > MEMBER_BYTES:
        return Item(place, code="too_large")
    return Item(place, data=data) if data else Item(place, code="empty")


def _name(info: zipfile.ZipInfo) -> str:
    """Return the name of a member; without the UTF-8 flag it is tried as UTF-8 and as GB 18030."""
    if info.flag_bits & _UTF8_NAME:
        return info.filename
    raw = info.filename.encode("cp437", "replace")
    for codec in ("utf-8", "gb18030"):
        try:
            return raw.decode(codec)
        except UnicodeDecodeError:
            continue
    return info.filename
