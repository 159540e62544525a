"""A copy of a Word document with remarks as comments: at their spans, or in one comment at the head of the document.

Word allows comments only in the body, so remarks on headers, notes, text boxes and properties go to the head.
"""

from __future__ import annotations

import bisect
import copy
import itertools
import posixpath
from typing import TYPE_CHECKING, Any, Final

from lxml import etree

from prescan.errors import ReadError
from prescan.formats.docx.trace import Segment, TracedDocument
from prescan.formats.edits import Remark
from prescan.formats.office_zip import replace_parts, serialise
from prescan.formats.package import LOCAL_NAME, attribute, descendants

if TYPE_CHECKING:
    from collections.abc import Sequence

    from prescan.types import Limits

_AUTHOR: Final = "prescan 机审"
_INITIALS: Final = "机审"
_TYPES: Final = "[Content_Types].xml"
_COMMENTS_TYPE: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"
_STRICT: Final = "http://purl.oclc.org/ooxml/"
_RELATIONSHIPS: Final = "http://schemas.openxmlformats.org/package/2006/relationships"
_SPACE: Final = "{http://www.w3.org/XML/1998/namespace}space"
#: Elements between a run and its paragraph inside which a comment may begin or end; others are commented as a whole.
_TRANSPARENT_HOLDERS: Final = frozenset({"hyperlink", "smartTag", "sdtContent", "sdt", "customXml"})
#: Word reports a damaged file if a comment is anchored inside these.
_NO_COMMENTS_INSIDE: Final = ("txbxContent", "comment")


def mark(data: bytes, arguments: Sequence[dict[str, Any]], limits: Limits) -> tuple[dict[str, Any], bytes]:
    """Return how many remarks are at their spans and how many at the head, and the copy. Raises ReadError."""
    traced = TracedDocument(data, limits)
    if traced.main not in traced.trees or _TYPES not in traced.package:
        raise ReadError("corrupted", "文件缺少必需的部件，请用原软件打开并另存后重试")
    if not arguments:
        return {"marked": 0, "elsewhere": 0}, data
    writing = _CommentWriter(traced)
    without_place = []
    count = 0
    for one in (Remark(**item) for item in arguments):
        if one.start < one.end and writing.add_at_span(one):
            count += 1
        else:
            without_place.append(one)
    if without_place:
        writing.add_at_head(without_place)
    return {"marked": count, "elsewhere": len(without_place)}, writing.finish()


class _CommentWriter:
    """Adds comments to the tree of the body."""

    def __init__(self, traced: TracedDocument) -> None:
        self._traced = traced
        self._root = traced.trees[traced.main]
        self._w = f"{{{etree.QName(self._root).namespace or ''}}}"
        self._segments = [
            one for _, _, segments in traced.located_blocks() for one in segments if _is_open(one.element, self._root)
        ]
        self._comments = self._comments_part()
        used = (attribute(one, "id") for one in descendants(self._comments, "comment"))
        self._ids = itertools.count(max((int(one) for one in used if one.isdecimal()), default=-1) + 1)

    def add_at_span(self, one: Remark) -> bool:
        """Add a comment around a span of the body; return False if the span is not in the body."""
        first = self._index_at(one.start)
        last = self._index_at(one.end) - 1
        elements = [segment.element for segment in self._segments[first : last + 1]]
        if not elements:
            return False
        number = self._comment([one])
        self._anchor(elements[0]).addprevious(self._element("commentRangeStart", id=number))
        self._end_range(self._anchor(elements[-1]), number)
        return True

    def add_at_head(self, remarks: Sequence[Remark]) -> None:
        """Add one comment with all `remarks` at the first paragraph."""
        paragraph = next(iter(descendants(self._root, "p")), None)
        if paragraph is None:
            body = next(iter(descendants(self._root, "body")), self._root)
            paragraph = self._element("p")
            body.insert(0, paragraph)
        number = self._comment(remarks)
        properties = next((child for child in paragraph if LOCAL_NAME[child.tag] == "pPr"), None)
        start = self._element("commentRangeStart", id=number)
        if properties is None:
            paragraph.insert(0, start)
        else:
            properties.addnext(start)
        self._end_range(start, number)

    def finish(self) -> bytes:
        """Return the marked file."""
        changed: dict[str, bytes | None] = {self._traced.main: serialise(self._root)}
        changed[self._name] = serialise(self._comments)
        if self._new:
            changed |= self._registration()
        return replace_parts(self._traced.package, changed)

    def _end_range(self, node: etree._Element, number: str) -> None:
        end, run = self._element("commentRangeEnd", id=number), self._element("r")
        run.append(self._element("commentReference", id=number))
        node.addnext(end)
        end.addnext(run)

    def _index_at(self, offset: int) -> int:
        """Return the index of the first segment from `offset` on, splitting the segment that contains the offset."""
        index = bisect.bisect_right(self._segments, offset, key=lambda segment: segment.end)
        if index == len(self._segments) or self._segments[index].start >= offset:
            return index
        split = self._segments[index]
        start, end, element = split
        run = _ancestor(element, "r")
        if not split.is_text or run is None or element.getparent() is not run:
            return index  # an equation or ruby text is commented as a whole
        text = element.text or ""
        rest = copy.copy(element)
        element.text, rest.text = text[: offset - start], text[offset - start :]
        element.set(_SPACE, "preserve")
        rest.set(_SPACE, "preserve")
        second = self._split(run, element)
        second.insert(1 if len(second) and LOCAL_NAME[second[0].tag] == "rPr" else 0, rest)
        self._segments[index : index + 1] = [Segment(start, offset, element), Segment(offset, end, rest)]
        return index + 1

    def _split(self, run: etree._Element, last: etree._Element) -> etree._Element:
        """Move what follows `last` in a run into a new run with the same formatting; return the new run."""
        second = etree.Element(run.tag)
        for key, value in run.items():
            second.set(key, value)
        properties = next((child for child in run if LOCAL_NAME[child.tag] == "rPr"), None)
        if properties is not None:
            second.append(copy.deepcopy(properties))
        second.extend(list(last.itersiblings()))
        run.addnext(second)
        return second

    def _anchor(self, element: etree._Element) -> etree._Element:
        """Return the element beside which a comment on a text may be anchored: its run, or the paragraph's child."""
        found = _ancestor(element, "r")
        outer = element if found is None else found
        transparent = True
        for holder in outer.iterancestors():
            if LOCAL_NAME[holder.tag] == "p":
                break
            transparent = transparent and LOCAL_NAME[holder.tag] in _TRANSPARENT_HOLDERS
        if transparent and found is not None:
            return found
        above = outer.getparent()
        while above is not None and LOCAL_NAME[above.tag] != "p":
            outer, above = above, above.getparent()
        return outer

    def _comment(self, remarks: Sequence[Remark]) -> str:
        number = str(next(self._ids))
        comment = self._element("comment", id=number, author=_AUTHOR, initials=_INITIALS)
        for one in remarks:
            for text, bold in ((one.title, True), *((line, False) for line in one.comment.split("\n"))):
                comment.append(self._paragraph(text, bold=bold))
        self._comments.append(comment)
        return number

    def _paragraph(self, text: str, *, bold: bool) -> etree._Element:
        paragraph, run, text_element = self._element("p"), self._element("r"), self._element("t")
        if bold:
            properties = self._element("rPr")
            properties.append(self._element("b"))
            run.append(properties)
        text_element.text = text
        text_element.set(_SPACE, "preserve")
        run.append(text_element)
        paragraph.append(run)
        return paragraph

    def _element(self, name: str, **attributes: str) -> etree._Element:
        return etree.Element(f"{self._w}{name}", {f"{self._w}{key}": value for key, value in attributes.items()})

    # The part that holds the comments

    def _comments_part(self) -> etree._Element:
        """Return the tree of the document's comments, a new one if it has none."""
        package, main = self._traced.package, self._traced.main
        related = (one.target for one in package.relationships(main) if one.kind == "comments" and not one.external)
        name = next((target for target in related if target in self._traced.trees), None)
        self._new = name is None
        if name is not None:
            self._name = name
            return self._traced.trees[name]
        folder = posixpath.dirname(main)
        names = (posixpath.join(folder, f"comments{number or ''}.xml") for number in itertools.count())
        self._name = next(free for free in names if free not in package)
        namespace = self._w[1:-1]
        return etree.Element(f"{self._w}comments", nsmap={"w": namespace})

    def _registration(self) -> dict[str, bytes | None]:
        """Return the changed parts that register the new part: its content type and its relationship to the body."""
        package, main = self._traced.package, self._traced.main
        types = package.xml(_TYPES)
        namespace = etree.QName(types).namespace
        own = {"PartName": f"/{self._name}", "ContentType": _COMMENTS_TYPE}
        types.append(etree.Element(f"{{{namespace}}}Override", own))
        folder, base = posixpath.split(main)
        listing = posixpath.join(folder, "_rels", f"{base}.rels")
        exists = listing in package
        relationships = package.xml(listing) if exists else etree.Element(f"{{{_RELATIONSHIPS}}}Relationships")
        used = {attribute(one, "Id") for one in relationships}
        number = next(free for n in itertools.count(1) if (free := f"rIdPrescan{n}") not in used)
        strict = self._w[1:].startswith(_STRICT)
        base_type = _STRICT if strict else "http://schemas.openxmlformats.org/"
        kind = f"{base_type}officeDocument/{'' if strict else '2006/'}relationships/comments"
        target = posixpath.relpath(self._name, folder or ".")
        own = {"Id": number, "Type": kind, "Target": target}
        relationships.append(etree.Element(f"{{{_RELATIONSHIPS}}}Relationship", own))
        return {_TYPES: serialise(types), listing: serialise(relationships)}


def _ancestor(element: etree._Element, name: str) -> etree._Element | None:
    """Return the nearest ancestor called `name`, or None."""
    return next((found for found in element.iterancestors() if LOCAL_NAME[found.tag] == name), None)


def _is_open(element: etree._Element, root: etree._Element) -> bool:
    """Return whether an element is in a paragraph of the body where a comment may be anchored."""
    inside = False
    for holder in element.iterancestors():
        name = LOCAL_NAME[holder.tag]
        if name in _NO_COMMENTS_INSIDE:
            return False
        inside = inside or name == "p"
        if holder is root:
            return inside
    return False
