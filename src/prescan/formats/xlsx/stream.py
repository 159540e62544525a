"""Long parts of a workbook (cells, shared strings, pivot records) element by element: memory stays small."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from lxml import etree

from prescan.errors import ReadError
from prescan.formats.package import ENTITIES, XML_SETTINGS, declares_entities, parse_failure

if TYPE_CHECKING:
    from collections.abc import Iterator

_CHUNK: Final = 1 << 16
_BROKEN: Final = "文件内有部件已损坏，其后内容未读，请用原软件打开并另存后重扫"


class Elements:
    """The elements of a part that have one name, each dropped when the next is asked for.

    Elements before a damaged place are still given; then `failure` says what is wrong. What is not an element of that
    name is kept in `root`.
    """

    def __init__(self, content: bytes, name: str) -> None:
        """Take the bytes of a part and the local name of the elements wanted."""
        self.root: etree._Element | None = None
        """The root: until the last element what came before it, then all that is left of the part."""
        self.failure: ReadError | None = None
        self._content = content
        self._parser = etree.XMLPullParser(events=("end",), tag=f"{{*}}{name}", **XML_SETTINGS)

    def __iter__(self) -> Iterator[etree._Element]:
        """Yield the elements. Raises MemoryError when that is what stopped the parser."""
        for start in range(0, len(self._content), _CHUNK):
            self._feed(self._content[start : start + _CHUNK])
            for _, found in self._parser.read_events():
                element: etree._Element = found  # type: ignore[assignment]  # end events carry elements only
                if self.root is None and not self._begin(element.getroottree().getroot()):
                    return
                yield element
                parent = element.getparent()
                if parent is not None:
                    parent.remove(element)
            if self.failure is not None:
                return
        self._close()

    def _feed(self, chunk: bytes) -> None:
        try:
            self._parser.feed(chunk)
        except etree.XMLSyntaxError as error:
            self.failure = parse_failure(error, "其后内容未读", _BROKEN)

    def _close(self) -> None:
        try:
            self._begin(self._parser.close())
        except etree.XMLSyntaxError as error:
            self.failure = parse_failure(error, "其后内容未读", _BROKEN)

    def _begin(self, root: etree._Element) -> bool:
        """Take the root, unless it declares entities."""
        if declares_entities(root):
            self.failure = ReadError("corrupted", ENTITIES)
            return False
        self.root = root
        return True
