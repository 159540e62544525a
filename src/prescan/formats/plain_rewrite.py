"""Redacted copies of plain text (txt, csv, tsv, md): encoding, byte order mark and line ends stay as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from prescan.errors import ReadError
from prescan.formats.edits import RewriteRequest, Rewritten, apply_edits
from prescan.formats.text import BOMS, decode

if TYPE_CHECKING:
    from prescan.types import Limits

_CODECS: Final = ("utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be", "gb18030", "cp950", "big5hkscs")
_LOSSY: Final = "有字符无法识别，改写会丢失内容；请用原软件另存为 UTF-8 后再脱敏"


def rewrite(data: bytes, arguments: list[Any], limits: Limits) -> tuple[dict[str, Any], bytes]:  # noqa: ARG001
    """Return the text with the edits made. Raises ReadError("corrupted") where it cannot be written back unchanged."""
    request = RewriteRequest.from_wire(arguments)
    text, lossy = decode(data)
    if lossy:
        raise ReadError("corrupted", _LOSSY)
    bom, codec = encoding(data, text)
    return Rewritten(bom + apply_edits(text, 0, request.edits).encode(codec)).to_wire()


def encoding(data: bytes, text: str) -> tuple[bytes, str]:
    """Return the byte order mark and the codec with which `text` becomes `data` again."""
    bom = next((mark for mark, _ in BOMS if data.startswith(mark)), b"")
    named = [codec for mark, codec in BOMS if mark == bom]
    for codec in named or _CODECS:
        try:
            if bom + text.encode(codec) == data:
                return bom, codec
        except UnicodeEncodeError:
            continue
    raise ReadError("corrupted", _LOSSY)
