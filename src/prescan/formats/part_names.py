"""What the name of a part of an office package tells about it. Cached: documents have much the same names."""

from __future__ import annotations

import functools
import posixpath
import re
from typing import Final, NamedTuple

#: Extensions of what a package holds besides embedded files: markup, fonts, pictures, sound and film.
_PACKAGE_EXTENSIONS: Final = frozenset(
    "xml rels vml odttf fntdata"
    " png jpg jpeg gif bmp tif tiff emf wmf svg wdp webp ico"
    " mp4 m4v mov wmv avi mpg mpeg mp3 m4a wav wma".split()
)
#: Extensions of parts that are searched for texts left unread (residue.py).
_MARKUP: Final = (".xml", ".rels", ".vml", ".rdf")
#: Binary parts that programs write for themselves; they are searched for strings of people.
_PROGRAM_PART: Final = re.compile(
    r"(?:^|/)(?:(?:printerSettings|activeX|control|attachedToolbars)\d*|vbaProjectSignature\w*)\.bin$",
    re.IGNORECASE,
)
_CONTROL: Final = re.compile(r"(?:^|/)(?:activeX|control)\d*\.bin$", re.IGNORECASE)
#: The folder of embedded files.
_EMBEDDED: Final = re.compile(r"(?:^|/)embeddings/", re.IGNORECASE)
_EXTENSION: Final = re.compile(r"[a-z0-9]{1,5}")


class PartName(NamedTuple):
    """What the name of a part tells."""

    lower: str
    extension: str
    """In lower case; "未知类型" if it does not look like one, because it might be a personal value."""
    is_package_file: bool
    """Belongs to the package itself: markup, a font, a picture, sound or film."""
    is_markup: bool
    is_embedded: bool
    """Lies in the folder of embedded files."""
    is_control: bool
    is_program_data: bool
    """Binary data of a program."""


@functools.lru_cache(maxsize=1_024)
def part_name(name: str) -> PartName:
    """Return what the name of a part tells about it.

    >>> part_name("word/embeddings/Sheet1.XLSX")[1:5]
    ('xlsx', False, False, True)
    """
    lower = name.lower()
    extension = _extension(name)
    where = (one.search(name) is not None for one in (_EMBEDDED, _CONTROL, _PROGRAM_PART))
    return PartName(lower, extension, extension in _PACKAGE_EXTENSIONS, lower.endswith(_MARKUP), *where)


def _extension(name: str) -> str:
    """Return the extension of a name in lower case; "未知类型" if it does not look like one (it might be a value)."""
    extension = posixpath.basename(name).lower().rpartition(".")[2]
    return extension if _EXTENSION.fullmatch(extension) else "未知类型"
