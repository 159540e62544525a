"""Text on a page that is not seen: covered, in a layer that is off, of the colour of its ground, invisible, tiny.

Only suspects are looked at, and what settles it is drawing: which shapes cover what, and in which colour, is decided by
the same code that shows the page, so transparent seals, highlighting and shading behind the text are no covers.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

from prescan.formats.boxes import area, contains_centre, covered_share, union
from prescan.formats.pdf import overprint, unseen
from prescan.formats.pdf import painter as pdf_painter
from prescan.formats.pdf.painter import GREY, WHITE, Budget, Curtain, Painter
from prescan.formats.pdf.shapes import IMAGE, TEXT, address
from prescan.formats.pdf.suspects import find_covers, find_suspects
from prescan.formats.pdf.text import Veil

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prescan.formats.pdf.grid import Box
    from prescan.formats.pdf.shapes import Shape
    from prescan.formats.pdf.suspects import Cover, Suspect
    from prescan.formats.pdf.text import Text

_COVERED: Final = 0.5
"""A character of which so much is covered is not read."""
_SEEN: Final = 0.2
"""A character of which less is left where the page is cut is not read."""
_SOLID: Final = 0.6
"""A cover fills so much of its own bounds, or is dark; the lines and the star of a seal do neither."""
_SAME_COLOUR: Final = 0.9
_DARK: Final = 64
_LIGHT: Final = 224
_SHEETS: Final = 0.5
"""Pictures that take so much of a page over its text are a scan, and the text was recognised in it."""
_SCANS_LOOKED_AT: Final = 10
_SCAN_SAMPLE: Final = 200
_MOST_GROUPS: Final = 40
"""Above this number what covers the text is drawn all at once."""


class Sight:
    """Finds the text of each page of a document that is not seen."""

    def __init__(self, *, layered: bool, masked: bool = False) -> None:
        """`layered`: forms of the document may belong to layers; `masked`: something is drawn through a mask."""
        self._layered = layered
        self._masked = masked
        self._scans = 0
        self._budget = Budget()

    def look(self, page: Any, text: Text, shapes: list[Shape], number: int) -> tuple[list[Veil], set[int]]:  # noqa: ANN401
        """Return the runs of characters of a page that are not seen, and the orders of the shapes that cover some."""
        suspects = find_suspects(text, shapes, layered=self._layered, masked=self._masked)
        covers = list(find_covers(page, text, shapes))
        written_over = overprint.pairs([shape for shape in shapes if shape.kind == TEXT])
        if not (suspects or covers or written_over):
            return [], set()
        look = _Look(page, text, shapes, suspects, self._budget)
        self._set_scan_aside(look)
        marks = dict.fromkeys(overprint.written_over(text, written_over) if written_over else (), unseen.UNDER_TEXT)
        marks.update(look.marks(covers, layered=self._layered))
        return list(_veils(marks, text.text, number)), look.covering

    def _set_scan_aside(self, look: _Look) -> None:
        """Let a scan not count as a cover of the text that was recognised in it. Looking costs: not at every page."""
        sheets = look.sheets()
        if sheets and (self._scans >= _SCANS_LOOKED_AT or look.shows_writing(sheets)):
            self._scans += 1
            look.set_aside(sheets)


class _Look:
    """A closer look at the suspects of one page."""

    def __init__(
        self,
        page: Any,  # noqa: ANN401
        text: Text,
        shapes: list[Shape],
        suspects: list[Suspect],
        budget: Budget,
    ) -> None:
        self._text = text
        self._budget = budget
        self._shapes = shapes
        self._suspects = suspects
        self._page = page
        self._painted: Painter | None = None
        self._images = [text.place(shape.box) for shape in shapes if shape.kind == IMAGE]
        self._marks: dict[int, unseen.Mark] = {}
        self.covering: set[int] = set()
        self._written: dict[int, str] = defaultdict(str)
        self._find_characters()

    def _find_characters(self) -> None:
        """Give each suspect its characters."""
        by_key = {suspect.shape.key: suspect for suspect in self._suspects}
        for index, character in enumerate(self._text.text if by_key else ""):
            if not character.isspace() and (key := self._text.object_at(index)):
                self._written[key] += character
                if key in by_key:
                    by_key[key].characters.append((index, self._text.glyph(index)))

    @property
    def _painter(self) -> Painter:
        """What draws; made when first needed, for it clears the page."""
        if self._painted is None:
            self._painted = Painter(self._page, self._shapes, self._text.size, self._budget)
        return self._painted

    def sheets(self) -> list[Shape]:
        """Return the pictures that lie over text and take most of the page together."""
        over = {cover.order: cover for suspect in self._suspects for cover in suspect.covers if cover.kind == IMAGE}
        taken = sum(area(self._within(self._text.place(cover.box))) for cover in over.values())
        return list(over.values()) if taken >= _SHEETS * self._text.area else []

    def shows_writing(self, sheets: list[Shape]) -> bool:
        """Tell whether pictures show something where the text under them stands."""
        orders = {sheet.order for sheet in sheets}
        under = [suspect for suspect in self._suspects if any(cover.order in orders for cover in suspect.covers)]
        boxes = [box for suspect in under for _, box in suspect.characters]
        if not boxes or not any(suspect.drawn for suspect in under):
            return True
        boxes = boxes[:: max(1, len(boxes) // _SCAN_SAMPLE)]
        picture = self._painter.paint(sheets, (0.0, 0.0, *self._text.size))
        return 2 * sum(not pdf_painter.is_uniform(picture, box) for box in boxes) >= len(boxes)

    def set_aside(self, sheets: list[Shape]) -> None:
        """Take pictures for what they show: they cover nothing."""
        orders = {sheet.order for sheet in sheets}
        for suspect in self._suspects:
            suspect.covers = [cover for cover in suspect.covers if cover.order not in orders]

    def marks(self, covers: list[Cover], *, layered: bool) -> dict[int, unseen.Mark]:
        """Return why characters are not seen; what is worse replaces what is less."""
        self._certain()
        self._same_colour()
        self._layers()
        self._masks()
        if layered:
            self._forms()
        self._annotations(covers)
        self._covered()
        self._lift_written_again()
        return self._marks

    def _certain(self) -> None:
        """Mark what PDFium knows; text that is not drawn over a picture was recognised in it."""
        for suspect in self._suspects:
            mark = unseen.TINY if suspect.tiny else unseen.TRANSPARENT if suspect.transparent else None
            for index, box in suspect.characters:
                if mark:
                    self._marks[index] = mark
                elif not suspect.drawn and not any(contains_centre(image, box) for image in self._images):
                    self._marks[index] = unseen.NOT_DRAWN
                elif suspect.clip and covered_share(self._text.place(suspect.clip), box) < _SEEN:
                    self._marks[index] = unseen.CUT_OFF

    def _same_colour(self) -> None:
        """Mark text that has the colour of what is drawn around it."""
        pale = [suspect for suspect in self._suspects if suspect.fill and suspect.drawn and suspect.characters]
        if not pale:
            return
        place = union(box for suspect in pale for _, box in suspect.characters)
        picture = self._painter.paint((shape for shape in self._shapes if shape.kind != TEXT), place)
        for suspect in pale:
            mark = unseen.ON_DARK if max((suspect.fill or WHITE)[:3]) < _DARK else unseen.ON_SAME
            fill = suspect.fill or (*WHITE, 255)
            same = [
                index
                for index, box in suspect.characters
                if pdf_painter.share_of_colour(picture, box, fill) >= _SAME_COLOUR
            ]
            if not suspect.patched or len(same) == len(suspect.characters):
                self._marks.update(dict.fromkeys(same, mark))

    def _layers(self) -> None:
        """Mark text whose layer is off."""
        shown: dict[int, bool] = {}
        for suspect in self._suspects:
            if suspect.layer and suspect.characters:
                key = address(suspect.layer)
                if key not in shown:
                    shown[key] = self._painter.shows(suspect.layer)
                if not shown[key]:
                    self._mark_all(suspect, unseen.LAYER_OFF)

    def _masks(self) -> None:
        """Mark text of which a mask lets nothing through. Whose font is not in the file proves nothing, as below."""
        held = [one for one in self._suspects if one.masked and one.characters and one.shape.always_draws]
        if not held:
            return
        place = self._within(union(box for suspect in held for _, box in suspect.characters))
        picture = self._painter.paint((suspect.shape for suspect in held), place, GREY)
        for suspect in held:
            if all(pdf_painter.is_uniform(picture, box) for _, box in suspect.characters):
                self._mark_all(suspect, unseen.MASKED)

    def _forms(self) -> None:
        """Mark the text of forms of which nothing shows, where forms may belong to layers.

        Text alone proves nothing unless its font is in the file: another machine may lack it and draw nothing.
        """
        held: dict[int, list[Suspect]] = defaultdict(list)
        for suspect in self._suspects:
            if suspect.shape.form is not None and suspect.drawn and suspect.characters:
                held[suspect.shape.form].append(suspect)
        for form, suspects in held.items():
            proof = [shape for shape in self._shapes if shape.form == form and shape.always_draws]
            if proof:
                area = self._within(union(self._text.place(shape.box) for shape in proof))
                if self._painter.paint(proof, area, GREY).is_blank(GREY):
                    for suspect in suspects:
                        self._mark_all(suspect, unseen.LAYER_OFF)

    def _annotations(self, covers: list[Cover]) -> None:
        """Mark text under annotations; a mark for redaction that was not applied leaves its text in the file."""
        places = [(self._text.place(box), cover.redact) for cover in covers for box in cover.boxes]
        if not places:
            return
        drawn = [place for place, redact in places if not redact]
        curtain = Curtain(self._painter, (), union(drawn), annotations=True) if drawn else None
        marks = [unseen.UNDER_REDACT if redact or not curtain else _mark_of(curtain, place) for place, redact in places]
        for index, character in enumerate(self._text.text):
            if character.isspace():
                continue
            box = self._text.glyph(index)
            for (place, redact), mark in zip(places, marks, strict=True):
                if mark and contains_centre(place, box) and (redact or (curtain and curtain.share(box) >= _COVERED)):
                    self._marks[index] = mark

    def _covered(self) -> None:
        """Mark text under what is drawn later."""
        for suspects in _groups([held for held in self._suspects if held.covers and held.characters]):
            covers = {cover.order: cover for suspect in suspects for cover in suspect.covers}
            places = {order: self._within(self._text.place(cover.box)) for order, cover in covers.items()}
            undrawn = {order for order, cover in covers.items() if not self._budget.allows(cover)}
            curtain = Curtain(self._painter, covers.values(), union(places.values()))
            marks = {order: _mark_of(curtain, place, covers[order].kind) for order, place in places.items()}
            marks.update(dict.fromkeys(undrawn, unseen.UNDER_IMAGE))
            for suspect in suspects:
                for index, box in suspect.characters:
                    over = [
                        cover.order for cover in suspect.covers if covered_share(places[cover.order], box) >= _COVERED
                    ]
                    if over and (over[-1] in undrawn or curtain.share(box) >= _COVERED) and (mark := marks[over[-1]]):
                        self._marks[index] = mark
                        self.covering.add(over[-1])

    def _lift_written_again(self) -> None:
        """Take marks off a text that is seen at the same place: some programs write it under a box and over it.

        PDFium may count the characters of the first only.
        """
        marked = [held for held in self._suspects if any(index in self._marks for index, _ in held.characters)]
        if not marked:
            return
        unseen = {held.shape.key for held in marked} | {
            held.shape.key for held in self._suspects if not held.characters
        }
        seen: dict[tuple[int, int], set[str]] = defaultdict(set)
        for shape in self._shapes:
            if shape.kind == TEXT and shape.key not in unseen:
                seen[shape.origin].add(self._written.get(shape.key, ""))
        for held in marked:
            if seen[held.shape.origin] & {"", self._written[held.shape.key]}:
                for index, _ in held.characters:
                    self._marks.pop(index, None)

    def _mark_all(self, suspect: Suspect, mark: unseen.Mark) -> None:
        self._marks.update((index, mark) for index, _ in suspect.characters)

    def _within(self, box: Box) -> Box:
        """Return the part of a box that lies on the page."""
        width, height = self._text.size
        left, top = min(max(box[0], 0.0), width), min(max(box[1], 0.0), height)
        return left, top, max(min(box[2], width), left), max(min(box[3], height), top)


def _groups(suspects: list[Suspect]) -> list[list[Suspect]]:
    """Put together text all of whose covers come after all of it; too many groups are one."""
    groups: list[list[Suspect]] = []
    first = -1
    for suspect in suspects:
        if suspect.shape.order > first:
            groups.append([])
            first = suspect.covers[0].order
        groups[-1].append(suspect)
        first = min(first, suspect.covers[0].order)
    return groups if len(groups) <= _MOST_GROUPS else [suspects]


def _mark_of(curtain: Curtain, place: Box, kind: int | None = None) -> unseen.Mark | None:
    """Return what text is under that a shape or an annotation covers; None for lines, as of a seal."""
    low, high = curtain.shades(place)
    if high >= _DARK and curtain.share(place) < _SOLID:
        return None
    if kind == IMAGE:
        return unseen.UNDER_IMAGE
    return unseen.UNDER_DARK if high < _DARK else unseen.UNDER_WHITE if low >= _LIGHT else unseen.UNDER_COLOUR


def _veils(marks: dict[int, unseen.Mark], text: str, number: int) -> Iterator[Veil]:
    """Yield runs of characters with the same mark; white space between two of them belongs to them."""
    start = end = -1
    held: unseen.Mark | None = None
    for index in sorted(marks):
        if held and (marks[index] != held or text[end:index].strip()):
            yield Veil(start, end, held.hidden, f"第 {number} 页{held.words}")
            held = None
        if held is None:
            start, held = index, marks[index]
        end = index + 1
    if held:
        yield Veil(start, end, held.hidden, f"第 {number} 页{held.words}")
