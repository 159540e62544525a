"""Reads long parts of a workbook (cells, shared strings, pivot records) element by element, to save memory."""

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
    """The elements of a part with one name, each dropped when the next one is requested.

    Elements before a damaged place are still yielded; `failure` then says what is wrong. All other elements stay in
    `root`.
    """

    def __init__(self, content: bytes, name: str) -> None:
        """`content`: the bytes of a part; `name`: the local name of the elements to yield."""
        self.root: etree._Element | None = None
        """The root; complete, but for the elements yielded, after the iteration."""
        self.failure: ReadError | None = None
        self._content = content
        self._parser = etree.XMLPullParser(events=("end",), tag=f"{{*}}{name}", **XML_SETTINGS)

    def __iter__(self) -> Iterator[etree._Element]:
        """Yield the elements. Raises MemoryError if the parser ran out of memory."""
        for start in range(0, len(self._content), _CHUNK):
            self._feed(self._content[start : start + _CHUNK])
            for _, event_element in self._parser.read_events():
                element: etree._Element = event_element  # type: ignore[assignment]  # end events carry elements only
                if self.root is None and not self._set_root(element.getroottree().getroot()):
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
            self._set_root(self._parser.close())
        except etree.XMLSyntaxError as error:
            self.failure = parse_failure(error, "其后内容未读", _BROKEN)

    def _set_root(self, root: etree._Element) -> bool:
        """Set the root; return False, with `failure` set, if it declares entities."""
        if declares_entities(root):
            self.failure = ReadError("corrupted", ENTITIES)
            return False
        self.root = root
        return True
