"""What the names of the parts of an office package tell. All documents have much the same ones."""

from __future__ import annotations

import functools
import posixpath
import re
from typing import Final, NamedTuple

#: What a package holds besides embedded files: markup, fonts, pictures, sound and film.
_OWN_FILES: Final = frozenset(
    "xml rels vml odttf fntdata"
    " png jpg jpeg gif bmp tif tiff emf wmf svg wdp webp ico"
    " mp4 m4v mov wmv avi mpg mpeg mp3 m4a wav wma".split()
)
#: Parts that are looked through for what else they say.
_MARKUP: Final = (".xml", ".rels", ".vml", ".rdf")
#: Binary parts that programs write for themselves; what a person wrote in them is looked for.
_PROGRAM_PART: Final = re.compile(
    r"(?:^|/)(?:(?:printerSettings|activeX|control|attachedToolbars)\d*|vbaProjectSignature\w*)\.bin$",
    re.IGNORECASE,
)
_CONTROL: Final = re.compile(r"(?:^|/)(?:activeX|control)\d*\.bin$", re.IGNORECASE)
#: Where embedded files are kept.
_EMBEDDED: Final = re.compile(r"(?:^|/)embeddings/", re.IGNORECASE)
_EXTENSION: Final = re.compile(r"[a-z0-9]{1,5}")


class Named(NamedTuple):
    """What the name of a part tells."""

    lower: str
    extension: str
    """In lower case; what does not look like one may be a value and is not told."""
    own: bool
    """Of the package itself: markup, a font, a picture, sound or film."""
    markup: bool
    embedded: bool
    """Where embedded files are kept."""
    control: bool
    program: bool
    """Binary, and a program's own."""


@functools.lru_cache(maxsize=1_024)
def named(name: str) -> Named:
    """Return what the name of a part tells.

    >>> named("word/embeddings/Sheet1.XLSX")[1:5]
    ('xlsx', False, False, True)
    """
    lower = name.lower()
    extension = _extension(name)
    where = (one.search(name) is not None for one in (_EMBEDDED, _CONTROL, _PROGRAM_PART))
    return Named(lower, extension, extension in _OWN_FILES, lower.endswith(_MARKUP), *where)


def _extension(name: str) -> str:
    """Return the extension of a name in lower case; what does not look like one may be a value and is not told."""
    extension = posixpath.basename(name).lower().rpartition(".")[2]
    return extension if _EXTENSION.fullmatch(extension) else "未知类型"
