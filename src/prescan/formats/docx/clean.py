"""Cleaning WordprocessingML for redacted copies: revisions are accepted, and what a page does not show is removed."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from lxml import etree

from prescan.formats.concealment import child, is_substantial
from prescan.formats.docx import drawings, layout
from prescan.formats.office_trees import remove, remove_attributes_if, remove_elements, unwrap
from prescan.formats.package import LOCAL_NAME, attribute, descendants

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prescan.formats.docx.formatting import TextFormat
    from prescan.formats.docx.styles import Styles

_WRAPPERS: Final = frozenset({"smartTag", "customXml", "dir", "bdo", "ins", "moveTo"})
_DELETIONS: Final = frozenset({"del", "moveFrom", "delText", "delInstrText"})
_REVISIONS: Final = frozenset({"ins", "del", "moveFrom", "moveTo"})
_ANONYMOUS: Final = "审阅人"
_COMMENTS: Final = ("commentRangeStart", "commentRangeEnd", "commentReference", "annotationRef")
#: Former formatting, ends of revision ranges, permissions, traces of the spelling check, printer settings.
_TRACES: Final = (
    *("rPrChange", "pPrChange", "sectPrChange", "tblPrChange", "tblGridChange", "trPrChange", "tcPrChange"),
    *("tblPrExChange", "numberingChange", "cellIns", "cellMerge", "proofErr", "permStart", "permEnd"),
    *("moveFromRangeStart", "moveFromRangeEnd", "moveToRangeStart", "moveToRangeEnd"),
    *(f"customXml{kind}Range{end}" for kind in ("Ins", "Del", "MoveFrom", "MoveTo") for end in ("Start", "End")),
    *("smartTagPr", "customXmlPr", "printerSettings", "docPartObj"),
)
_EMBEDDED: Final = ("OLEObject", "objectEmbed", "objectLink", "control", "altChunk", "subDoc", "contentPart", "movie")
#: Elements with texts that a page does not show: prompts, field data, titles of tables, links of pictures, extensions.
_HIDDEN_TEXTS: Final = (
    *("ffData", "fldData", "tblCaption", "tblDescription", "hlinkClick", "hlinkHover", "extLst", "ClientData"),
    *("attachedSchema", "docVars", "rsids", "userInfo"),
)
_KEPT_FIELDS: Final = frozenset(
    "PAGE NUMPAGES SECTION SECTIONPAGES PAGEREF REF NOTEREF STYLEREF SEQ TOC TOA INDEX DATE TIME EQ SYMBOL LISTNUM "
    "FORMCHECKBOX NUMWORDS NUMCHARS".split()
)
_OWN_BOOKMARKS: Final = ("_Toc", "_Ref")
_TEXT_ATTRIBUTES: Final = {
    "docPr": {"descr", "title", "name"},
    "cNvPr": {"descr", "title", "name"},
    "hyperlink": {"tooltip", "docLocation", "tgtFrame"},
}
_SHAPES: Final = frozenset("shape rect oval roundrect line polyline group image imagedata background arc curve".split())
_SHAPE_TEXT_ATTRIBUTES: Final = frozenset({"alt", "title", "href", "target"})
_TRACE_ATTRIBUTES: Final = ("rsid", "paraId", "textId", "author", "initials", "gfxdata")

UNITS: Final = {"隐藏文字": "处", "嵌入对象": "个", "域代码": "个"}


def clean(root: etree._Element, styles: Styles, keep: frozenset[str] = frozenset()) -> Counter[str]:
    """Clean the tree of a part in place; return how much of what was removed, in a reviewer's words.

    `keep`: the hidden content to keep (comment, tracked_change, hidden_text), but without its authors and dates.
    """
    removed: Counter[str] = Counter()
    _choose_alternatives(root)
    if "comment" not in keep:
        remove_elements(root, [name for name in _COMMENTS if name != "commentReference"])
        removed["批注"] = remove_elements(root, ["commentReference"])
    if "tracked_change" not in keep:
        removed["修订"] = _accept_revisions(root)
    remove_elements(root, _TRACES)
    for control in list(descendants(root, "sdt")):
        unwrap(control, child(control, "sdtContent"))
    wrappers = _WRAPPERS - _REVISIONS if "tracked_change" in keep else _WRAPPERS
    for element in [one for one in root.iter(etree.Element) if LOCAL_NAME[one.tag] in wrappers]:
        unwrap(element)
    removed["域代码"] = _unlink_fields(root)
    removed["嵌入对象"] = remove_elements(root, _EMBEDDED)
    remove_elements(root, _HIDDEN_TEXTS)
    if "hidden_text" not in keep:
        removed["隐藏文字"] = _remove_unseen_drawings(root) + _remove_concealed_runs(root, styles)
    _bookmarks(root)
    remove_attributes_if(root, _is_unwanted)
    _anonymise(root)
    for number, element in enumerate(descendants(root, "docPr", "cNvPr"), 1):
        element.set("name", f"对象{number}")
    for element in descendants(root, *_SHAPES):
        for key in [key for key in element.attrib if LOCAL_NAME[key] in _SHAPE_TEXT_ATTRIBUTES]:
            del element.attrib[key]
    return removed


def _is_unwanted(element: str, name: str) -> bool:
    return name in _TEXT_ATTRIBUTES.get(element, ()) or name.startswith(_TRACE_ATTRIBUTES)


def _anonymise(root: etree._Element) -> None:
    """Replace the authors of comments and revisions by an anonymous one (Word needs one), and remove the dates."""
    for element in descendants(root, "comment", *_REVISIONS):
        for key in [key for key in element.attrib if LOCAL_NAME[key] == "date"]:
            del element.attrib[key]
        element.set(f"{str(element.tag).partition('}')[0]}}}author", _ANONYMOUS)


def _choose_alternatives(root: etree._Element) -> None:
    """Replace each `AlternateContent` by the branch that current programs show; the others repeat it."""
    for alternate in list(descendants(root, "AlternateContent")):
        branch = child(alternate, "Choice")
        unwrap(alternate, child(alternate, "Fallback") if branch is None else branch)


def _accept_revisions(root: etree._Element) -> int:
    """Remove what was deleted, and return the number of revisions; insertions are unwrapped later."""
    count = 0
    for row in list(descendants(root, "tr")):
        properties = child(row, "trPr")
        if properties is not None and child(properties, "del") is not None:
            remove(row)
            count += 1
    for cell in [one.getparent() for one in descendants(root, "cellDel")]:
        holder = None if cell is None else cell.getparent()
        if holder is not None:
            remove(holder)
            count += 1
    for paragraph in list(descendants(root, "p")):
        if _is_mark_deleted(paragraph) and not any(map(_shows_something, paragraph)) and _is_removable(paragraph):
            remove(paragraph)
            count += 1
    for element in [one for one in root.iter(etree.Element) if LOCAL_NAME[one.tag] in _DELETIONS]:
        if element.getparent() is not None:
            count += LOCAL_NAME[element.tag] in {"del", "moveFrom"}
            remove(element)
    return count + sum(1 for _ in descendants(root, "ins", "moveTo"))


def _is_mark_deleted(paragraph: etree._Element) -> bool:
    properties = child(paragraph, "pPr")
    looks = None if properties is None else child(properties, "rPr")
    return looks is not None and any(LOCAL_NAME[one.tag] in {"del", "moveFrom"} for one in looks)


def _shows_something(element: etree._Element) -> bool:
    """Return whether a child of a paragraph shows anything after deletions are removed."""
    name = LOCAL_NAME[element.tag]
    return name not in {"pPr", "del", "moveFrom", "bookmarkStart", "bookmarkEnd", "proofErr"} and any(
        True for _ in descendants(element, "t", "drawing", "pict", "object", "br", "sym", "tab")
    )


def _is_removable(paragraph: etree._Element) -> bool:
    """Return whether a paragraph can be removed: a cell or text box must end with one."""
    after = paragraph.getnext()
    return after is not None and LOCAL_NAME[after.tag] in {"p", "tbl"}


def _unlink_fields(root: etree._Element) -> int:
    """Remove the codes of fields that may reveal more than the page shows, but keep their results; count them."""
    count = 0
    for simple in list(descendants(root, "fldSimple")):
        if not _is_plain(attribute(simple, "instr")):
            unwrap(simple)
            count += 1
    opened: list[tuple[list[etree._Element], list[str]]] = []
    for element in list(descendants(root, "fldChar", "instrText")):
        if LOCAL_NAME[element.tag] == "instrText":
            if opened:
                opened[-1][1].append(element.text or "")
                opened[-1][0].append(element)
            else:
                remove(element)
            continue
        if attribute(element, "fldCharType") == "begin":
            opened.append(([], []))
        if opened:
            opened[-1][0].append(element)
        if attribute(element, "fldCharType") == "end" and opened:
            count += _close_field(*opened.pop())
    for elements, codes in opened:
        count += _close_field(elements, [*codes, " ?"])
    return count


def _close_field(elements: list[etree._Element], codes: list[str]) -> int:
    if _is_plain("".join(codes)):
        return 0
    for element in elements:
        remove(element)
    return 1


def _is_plain(code: str) -> bool:
    name = (code.split() or [""])[0].upper()
    return name in _KEPT_FIELDS and not (name != "EQ" and is_substantial(code))


def _remove_unseen_drawings(root: etree._Element) -> int:
    """Remove drawings that cannot be seen, and the text of paragraphs that cannot; return their number."""
    unseen = [drawing for drawing in descendants(root, "drawing") if drawings.drawing_concealment(drawing)]
    unseen += [shape for shape in descendants(root, *_SHAPES) if drawings.vml_concealment(shape)]
    low = list(layout.unseen_paragraphs(root))
    texts = [text for paragraph in low for run in descendants(paragraph, "r") for text in _texts(run)]
    for element in (*unseen, *texts):
        if element.getparent() is not None:
            remove(element)
    return len(unseen) + len(low)


def _remove_concealed_runs(root: etree._Element, styles: Styles) -> int:
    """Remove the text of runs that their formatting hides; return the number of such runs."""
    hidden = [run for run in descendants(root, "r") if styles.concealment_of_run(run, _inherited_format(run, styles))]
    hidden = [run for run in hidden if any(True for _ in _texts(run))]
    for run in hidden:
        for text in list(_texts(run)):
            remove(text)
    return len(hidden)


def _texts(run: etree._Element) -> Iterator[etree._Element]:
    return (text for text in descendants(run, "t", "instrText", "sym") if LOCAL_NAME[text.tag] != "t" or text.text)


def _inherited_format(run: etree._Element, styles: Styles) -> TextFormat | None:
    """Return the format that styles give to the paragraph of a run; None if no style may hide anything."""
    paragraph = next((above for above in run.iterancestors() if LOCAL_NAME[above.tag] == "p"), None)
    if paragraph is None:
        return None
    table = next((above for above in paragraph.iterancestors() if LOCAL_NAME[above.tag] == "tbl"), None)
    return styles.inherited_format(paragraph, tabled=table is not None and styles.hides_in(table))


def _bookmarks(root: etree._Element) -> None:
    """Remove bookmarks named by people; those that Word made for contents and references stay."""
    gone = set()
    for mark in list(descendants(root, "bookmarkStart")):
        if not attribute(mark, "name").startswith(_OWN_BOOKMARKS):
            gone.add(attribute(mark, "id"))
            remove(mark)
    for mark in list(descendants(root, "bookmarkEnd")):
        if attribute(mark, "id") in gone:
            remove(mark)
