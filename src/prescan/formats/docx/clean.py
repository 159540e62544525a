"""WordprocessingML as it is seen: revisions settled, and everything a page does not show taken out."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from lxml import etree

from prescan.formats.concealment import child, is_substantial
from prescan.formats.docx import drawings, layout
from prescan.formats.office_trees import drop, remove, strip_attributes, unwrap
from prescan.formats.package import LOCAL_NAME, attribute, descendants

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prescan.formats.docx.looks import Looks
    from prescan.formats.docx.styles import Styles

_WRAPPERS: Final = frozenset({"smartTag", "customXml", "dir", "bdo", "ins", "moveTo"})
_GONE: Final = frozenset({"del", "moveFrom", "delText", "delInstrText"})
_CHANGES: Final = frozenset({"ins", "del", "moveFrom", "moveTo"})
_SOMEBODY: Final = "审阅人"
_COMMENTS: Final = ("commentRangeStart", "commentRangeEnd", "commentReference", "annotationRef")
#: Former looks, ends of ranges of revisions, permissions, traces of the spelling check, settings of printers.
_TRACES: Final = (
    *("rPrChange", "pPrChange", "sectPrChange", "tblPrChange", "tblGridChange", "trPrChange", "tcPrChange"),
    *("tblPrExChange", "numberingChange", "cellIns", "cellMerge", "proofErr", "permStart", "permEnd"),
    *("moveFromRangeStart", "moveFromRangeEnd", "moveToRangeStart", "moveToRangeEnd"),
    *(f"customXml{kind}Range{end}" for kind in ("Ins", "Del", "MoveFrom", "MoveTo") for end in ("Start", "End")),
    *("smartTagPr", "customXmlPr", "printerSettings", "docPartObj"),
)
_EMBEDDED: Final = ("OLEObject", "objectEmbed", "objectLink", "control", "altChunk", "subDoc", "contentPart", "movie")
#: Texts that stand beside the page: prompts, former field data, titles of tables, links of pictures, extensions.
_SILENT: Final = (
    *("ffData", "fldData", "tblCaption", "tblDescription", "hlinkClick", "hlinkHover", "extLst", "ClientData"),
    *("attachedSchema", "docVars", "rsids", "userInfo"),
)
_KEPT_FIELDS: Final = frozenset(
    "PAGE NUMPAGES SECTION SECTIONPAGES PAGEREF REF NOTEREF STYLEREF SEQ TOC TOA INDEX DATE TIME EQ SYMBOL LISTNUM "
    "FORMCHECKBOX NUMWORDS NUMCHARS".split()
)
_OWN_BOOKMARKS: Final = ("_Toc", "_Ref")
_WORDS: Final = {
    "docPr": {"descr", "title", "name"},
    "cNvPr": {"descr", "title", "name"},
    "hyperlink": {"tooltip", "docLocation", "tgtFrame"},
}
_SHAPES: Final = frozenset("shape rect oval roundrect line polyline group image imagedata background arc curve".split())
_SHAPE_WORDS: Final = frozenset({"alt", "title", "href", "target"})
_UNTOLD: Final = ("rsid", "paraId", "textId", "author", "initials", "gfxdata")

UNITS: Final = {"隐藏文字": "处", "嵌入对象": "个", "域代码": "个"}


def clean(root: etree._Element, styles: Styles, keep: frozenset[str] = frozenset()) -> Counter[str]:
    """Clean the tree of a part in place; return what was taken out, in a reviewer's words.

    `keep` names hidden content that stays: comment, tracked_change, hidden_text; who wrote it when goes.
    """
    taken: Counter[str] = Counter()
    _choose_alternatives(root)
    if "comment" not in keep:
        drop(root, [name for name in _COMMENTS if name != "commentReference"])
        taken["批注"] = drop(root, ["commentReference"])
    if "tracked_change" not in keep:
        taken["修订"] = _settle(root)
    drop(root, _TRACES)
    for control in list(descendants(root, "sdt")):
        unwrap(control, child(control, "sdtContent"))
    wrappers = _WRAPPERS - _CHANGES if "tracked_change" in keep else _WRAPPERS
    for element in [held for held in root.iter(etree.Element) if LOCAL_NAME[held.tag] in wrappers]:
        unwrap(element)
    taken["域代码"] = _unlink_fields(root)
    taken["嵌入对象"] = drop(root, _EMBEDDED)
    drop(root, _SILENT)
    if "hidden_text" not in keep:
        taken["隐藏文字"] = _drop_unseen(root) + _show_only_seen(root, styles)
    _bookmarks(root)
    strip_attributes(root, _is_untold)
    _unname(root)
    for number, element in enumerate(descendants(root, "docPr", "cNvPr"), 1):
        element.set("name", f"对象{number}")
    for element in descendants(root, *_SHAPES):
        for key in [key for key in element.attrib if LOCAL_NAME[key] in _SHAPE_WORDS]:
            del element.attrib[key]
    return taken


def _is_untold(element: str, name: str) -> bool:
    return name in _WORDS.get(element, ()) or name.startswith(_UNTOLD)


def _unname(root: etree._Element) -> None:
    """Give comments and changes that stay somebody of no name, whom Word asks for, and no date."""
    for element in descendants(root, "comment", *_CHANGES):
        for key in [key for key in element.attrib if LOCAL_NAME[key] == "date"]:
            del element.attrib[key]
        element.set(f"{str(element.tag).partition('}')[0]}}}author", _SOMEBODY)


def _choose_alternatives(root: etree._Element) -> None:
    """Keep of each alternative content what current programs show; the other branches repeat it."""
    for alternate in list(descendants(root, "AlternateContent")):
        branch = child(alternate, "Choice")
        unwrap(alternate, child(alternate, "Fallback") if branch is None else branch)


def _settle(root: etree._Element) -> int:
    """Accept every revision: what is seen stays, what was deleted goes. Return how many there were."""
    count = 0
    for row in list(descendants(root, "tr")):
        properties = child(row, "trPr")
        if properties is not None and child(properties, "del") is not None:
            remove(row)
            count += 1
    for cell in [held.getparent() for held in descendants(root, "cellDel")]:
        holder = None if cell is None else cell.getparent()
        if holder is not None:
            remove(holder)
            count += 1
    for paragraph in list(descendants(root, "p")):
        if _mark_deleted(paragraph) and not any(map(_seen, paragraph)) and _may_go(paragraph):
            remove(paragraph)
            count += 1
    for element in [held for held in root.iter(etree.Element) if LOCAL_NAME[held.tag] in _GONE]:
        if element.getparent() is not None:
            count += LOCAL_NAME[element.tag] in {"del", "moveFrom"}
            remove(element)
    return count + sum(1 for _ in descendants(root, "ins", "moveTo"))


def _mark_deleted(paragraph: etree._Element) -> bool:
    properties = child(paragraph, "pPr")
    looks = None if properties is None else child(properties, "rPr")
    return looks is not None and any(LOCAL_NAME[held.tag] in {"del", "moveFrom"} for held in looks)


def _seen(element: etree._Element) -> bool:
    """Tell whether a child of a paragraph shows something once deletions are gone."""
    name = LOCAL_NAME[element.tag]
    return name not in {"pPr", "del", "moveFrom", "bookmarkStart", "bookmarkEnd", "proofErr"} and any(
        True for _ in descendants(element, "t", "drawing", "pict", "object", "br", "sym", "tab")
    )


def _may_go(paragraph: etree._Element) -> bool:
    """Tell whether its holder stays valid without a paragraph: a cell or a text box needs one, at its end."""
    after = paragraph.getnext()
    return after is not None and LOCAL_NAME[after.tag] in {"p", "tbl"}


def _unlink_fields(root: etree._Element) -> int:
    """Take out the codes of fields that may say more than the page shows; what they show stays."""
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


def _drop_unseen(root: etree._Element) -> int:
    """Remove drawings that are not shown, and the text of paragraphs that are not."""
    unseen = [drawing for drawing in descendants(root, "drawing") if drawings.of_drawing(drawing)]
    unseen += [shape for shape in descendants(root, *_SHAPES) if drawings.of_vector(shape)]
    low = list(layout.unseen_paragraphs(root))
    texts = [text for paragraph in low for run in descendants(paragraph, "r") for text in _texts(run)]
    for element in (*unseen, *texts):
        if element.getparent() is not None:
            remove(element)
    return len(unseen) + len(low)


def _show_only_seen(root: etree._Element, styles: Styles) -> int:
    """Remove text that its formatting hides."""
    hidden = [run for run in descendants(root, "r") if styles.hiding(run, _around(run, styles))]
    hidden = [run for run in hidden if any(True for _ in _texts(run))]
    for run in hidden:
        for text in list(_texts(run)):
            remove(text)
    return len(hidden)


def _texts(run: etree._Element) -> Iterator[etree._Element]:
    return (text for text in descendants(run, "t", "instrText", "sym") if LOCAL_NAME[text.tag] != "t" or text.text)


def _around(run: etree._Element, styles: Styles) -> Looks | None:
    """Return what styles say of the text of a run's paragraph; None if none hides anything."""
    paragraph = next((above for above in run.iterancestors() if LOCAL_NAME[above.tag] == "p"), None)
    if paragraph is None:
        return None
    table = next((above for above in paragraph.iterancestors() if LOCAL_NAME[above.tag] == "tbl"), None)
    return styles.around(paragraph, tabled=table is not None and styles.hides_in(table))


def _bookmarks(root: etree._Element) -> None:
    """Remove bookmarks that somebody named; those that programs name for contents and references stay."""
    gone = set()
    for mark in list(descendants(root, "bookmarkStart")):
        if not attribute(mark, "name").startswith(_OWN_BOOKMARKS):
            gone.add(attribute(mark, "id"))
            remove(mark)
    for mark in list(descendants(root, "bookmarkEnd")):
        if attribute(mark, "id") in gone:
            remove(mark)
