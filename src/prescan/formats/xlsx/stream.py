"""Long parts of a workbook (cells, shared strings, pivot records) element by element: memory stays small."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from lxml import etree

from prescan.errors import ReadError

if TYPE_CHECKING:
    from collections.abc import Iterator

_CHUNK: Final = 1 << 16
_NO_MEMORY: Final = 2
"""XML_ERR_NO_MEMORY of libxml2: exhaustion, though it arrives as a syntax error."""
_BEYOND_PARSER: Final = 114
"""XML_ERR_RESOURCE_LIMIT of libxml2: a text over 10 MB, 256 levels, or entities that grow."""
_TOO_LONG: Final = "文件内有一段文字超过 10 MB 或嵌套过深，其后内容未读，请用原软件打开并另存后重扫"
_DECLARES: Final = "文件内含有办公软件不会写入的实体声明，未读，请用原软件打开并另存后重扫"
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
        # The same settings as those of `package.Package`, for the same reasons.
        self._parser = etree.XMLPullParser(
            events=("end",),
            tag=f"{{*}}{name}",
            resolve_entities=False,
            no_network=True,
            huge_tree=False,
            load_dtd=False,
            remove_comments=True,
            remove_pis=True,
        )

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
            self.failure = _refusal(error)

    def _close(self) -> None:
        try:
            self._begin(self._parser.close())
        except etree.XMLSyntaxError as error:
            self.failure = _refusal(error)

    def _begin(self, root: etree._Element) -> bool:
        """Take the root, unless it declares entities."""
        if root.getroottree().docinfo.internalDTD is not None:
            self.failure = ReadError("corrupted", _DECLARES)
            return False
        self.root = root
        return True


def _refusal(error: etree.XMLSyntaxError) -> ReadError:
    code = getattr(error, "code", None)
    if code == _NO_MEMORY:
        raise MemoryError from error
    return ReadError("corrupted", _TOO_LONG if code == _BEYOND_PARSER else _BROKEN)
