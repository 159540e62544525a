"""A copy of a Word document with remarks: comments at the places, what has no place on a page in one at the head.

Word allows comments in the body only, so what stands in headers, notes, text boxes, properties is said at the head too.
"""

from __future__ import annotations

import bisect
import copy
import itertools
import posixpath
from typing import TYPE_CHECKING, Any, Final

from lxml import etree

from prescan.errors import ReadError
from prescan.formats.docx.trace import Segment, Traced
from prescan.formats.edits import Remark
from prescan.formats.office_zip import repacked, serialized
from prescan.formats.package import LOCAL_NAME, attribute, descendants

if TYPE_CHECKING:
    from collections.abc import Sequence

    from prescan.types import Limits

_AUTHOR: Final = "prescan 机审"
_INITIALS: Final = "机审"
_TYPES: Final = "[Content_Types].xml"
_COMMENTS_TYPE: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"
_STRICT: Final = "http://purl.oclc.org/ooxml/"
_RELATIONS: Final = "http://schemas.openxmlformats.org/package/2006/relationships"
_SPACE: Final = "{http://www.w3.org/XML/1998/namespace}space"
#: Between a run and its paragraph these let a comment begin or end beside the run; anything else is kept whole.
_TRANSPARENT: Final = frozenset({"hyperlink", "smartTag", "sdtContent", "sdt", "customXml"})
#: Word reports a damaged file where a comment is anchored inside of these.
_CLOSED: Final = ("txbxContent", "comment")


def mark(data: bytes, arguments: Sequence[dict[str, Any]], limits: Limits) -> tuple[dict[str, Any], bytes]:
    """Return how many marks stand at their place and how many at the head, and the marked copy. Raises ReadError."""
    traced = Traced(data, limits)
    if traced.main not in traced.trees or _TYPES not in traced.package:
        raise ReadError("corrupted", "文件缺少必需的部件，请用原软件打开并另存后重试")
    if not arguments:
        return {"marked": 0, "elsewhere": 0}, data
    writing = _Writing(traced)
    elsewhere = []
    count = 0
    for one in (Remark(**item) for item in arguments):
        if one.start < one.end and writing.at_its_place(one):
            count += 1
        else:
            elsewhere.append(one)
    if elsewhere:
        writing.at_the_head(elsewhere)
    return {"marked": count, "elsewhere": len(elsewhere)}, writing.done()


class _Writing:
    """Puts comments into the tree of the body."""

    def __init__(self, traced: Traced) -> None:
        self._traced = traced
        self._root = traced.trees[traced.main]
        self._w = f"{{{etree.QName(self._root).namespace or ''}}}"
        self._segments = [
            one for _, _, segments in traced.placed() for one in segments if _is_open(one.element, self._root)
        ]
        self._comments = self._comments_part()
        used = (attribute(one, "id") for one in descendants(self._comments, "comment"))
        self._ids = itertools.count(max((int(one) for one in used if one.isdecimal()), default=-1) + 1)

    def at_its_place(self, one: Remark) -> bool:
        """Put a comment around a span of the body; False if the span does not stand there."""
        first = self._cut(one.start)
        last = self._cut(one.end) - 1
        held = [segment.element for segment in self._segments[first : last + 1]]
        if not held:
            return False
        number = self._comment([one])
        self._outer(held[0]).addprevious(self._element("commentRangeStart", id=number))
        self._close(self._outer(held[-1]), number)
        return True

    def at_the_head(self, several: Sequence[Remark]) -> None:
        """Put one comment in front of the first paragraph."""
        paragraph = next(iter(descendants(self._root, "p")), None)
        if paragraph is None:
            body = next(iter(descendants(self._root, "body")), self._root)
            paragraph = self._element("p")
            body.insert(0, paragraph)
        number = self._comment(several)
        properties = next((child for child in paragraph if LOCAL_NAME[child.tag] == "pPr"), None)
        start = self._element("commentRangeStart", id=number)
        if properties is None:
            paragraph.insert(0, start)
        else:
            properties.addnext(start)
        self._close(start, number)

    def done(self) -> bytes:
        """Return the marked file."""
        changed: dict[str, bytes | None] = {self._traced.main: serialized(self._root)}
        changed[self._name] = serialized(self._comments)
        if self._new:
            changed |= self._introduced()
        return repacked(self._traced.package, changed)

    def _close(self, node: etree._Element, number: str) -> None:
        end, run = self._element("commentRangeEnd", id=number), self._element("r")
        run.append(self._element("commentReference", id=number))
        node.addnext(end)
        end.addnext(run)

    def _cut(self, offset: int) -> int:
        """Return the index of the first segment that begins at `offset` or later; one that holds it is cut in two."""
        index = bisect.bisect_right(self._segments, offset, key=lambda segment: segment.end)
        if index == len(self._segments) or self._segments[index].start >= offset:
            return index
        held = self._segments[index]
        start, end, element = held
        run = _holder(element, "r")
        if not held.is_text or run is None or element.getparent() is not run:
            return index  # an equation, a ruby text: it is marked whole
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
        """Move what follows `last` into a new run with the same formatting, and return that."""
        second = etree.Element(run.tag)
        for key, value in run.items():
            second.set(key, value)
        properties = next((child for child in run if LOCAL_NAME[child.tag] == "rPr"), None)
        if properties is not None:
            second.append(copy.deepcopy(properties))
        second.extend(list(last.itersiblings()))
        run.addnext(second)
        return second

    def _outer(self, element: etree._Element) -> etree._Element:
        """Return the run of a text, or what holds it in its paragraph where no comment may stand beside the run."""
        found = _holder(element, "r")
        outer = element if found is None else found
        beside = True
        for holder in outer.iterancestors():
            if LOCAL_NAME[holder.tag] == "p":
                break
            beside = beside and LOCAL_NAME[holder.tag] in _TRANSPARENT
        if beside and found is not None:
            return found
        above = outer.getparent()
        while above is not None and LOCAL_NAME[above.tag] != "p":
            outer, above = above, above.getparent()
        return outer

    def _comment(self, several: Sequence[Remark]) -> str:
        number = str(next(self._ids))
        comment = self._element("comment", id=number, author=_AUTHOR, initials=_INITIALS)
        for one in several:
            for text, bold in ((one.title, True), *((line, False) for line in one.comment.split("\n"))):
                comment.append(self._paragraph(text, bold=bold))
        self._comments.append(comment)
        return number

    def _paragraph(self, text: str, *, bold: bool) -> etree._Element:
        paragraph, run, said = self._element("p"), self._element("r"), self._element("t")
        if bold:
            properties = self._element("rPr")
            properties.append(self._element("b"))
            run.append(properties)
        said.text = text
        said.set(_SPACE, "preserve")
        run.append(said)
        paragraph.append(run)
        return paragraph

    def _element(self, name: str, **attributes: str) -> etree._Element:
        return etree.Element(f"{self._w}{name}", {f"{self._w}{key}": value for key, value in attributes.items()})

    # The part that holds the comments

    def _comments_part(self) -> etree._Element:
        """Return the tree of the comments: that of the document if it has one, else a new one."""
        package, main = self._traced.package, self._traced.main
        related = (one.target for one in package.relations(main) if one.kind == "comments" and not one.external)
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

    def _introduced(self) -> dict[str, bytes | None]:
        """Return the parts that make the new part known: its type and its relation to the body."""
        package, main = self._traced.package, self._traced.main
        types = package.xml(_TYPES)
        namespace = etree.QName(types).namespace
        own = {"PartName": f"/{self._name}", "ContentType": _COMMENTS_TYPE}
        types.append(etree.Element(f"{{{namespace}}}Override", own))
        folder, base = posixpath.split(main)
        listing = posixpath.join(folder, "_rels", f"{base}.rels")
        known = listing in package
        relations = package.xml(listing) if known else etree.Element(f"{{{_RELATIONS}}}Relationships")
        used = {attribute(one, "Id") for one in relations}
        number = next(free for n in itertools.count(1) if (free := f"rIdPrescan{n}") not in used)
        strict = self._w[1:].startswith(_STRICT)
        base_type = _STRICT if strict else "http://schemas.openxmlformats.org/"
        kind = f"{base_type}officeDocument/{'' if strict else '2006/'}relationships/comments"
        target = posixpath.relpath(self._name, folder or ".")
        own = {"Id": number, "Type": kind, "Target": target}
        relations.append(etree.Element(f"{{{_RELATIONS}}}Relationship", own))
        return {_TYPES: serialized(types), listing: serialized(relations)}


def _holder(element: etree._Element, name: str) -> etree._Element | None:
    """Return the nearest ancestor of that name, or None."""
    return next((found for found in element.iterancestors() if LOCAL_NAME[found.tag] == name), None)


def _is_open(element: etree._Element, root: etree._Element) -> bool:
    """Tell whether an element stands in a paragraph of the body where a comment may be anchored."""
    inside = False
    for holder in element.iterancestors():
        name = LOCAL_NAME[holder.tag]
        if name in _CLOSED:
            return False
        inside = inside or name == "p"
        if holder is root:
            return inside
    return False
