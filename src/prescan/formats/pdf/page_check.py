"""Checks which characters of one page are visible."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

from prescan.formats.boxes import area, contains_centre, covered_share, union
from prescan.formats.pdf import painter as pdf_painter
from prescan.formats.pdf import reasons
from prescan.formats.pdf.painter import GREY, WHITE, Budget, OpacityMap, Painter
from prescan.formats.pdf.shapes import IMAGE, TEXT, address

if TYPE_CHECKING:
    from prescan.formats.pdf.grid import Box
    from prescan.formats.pdf.shapes import Shape
    from prescan.formats.pdf.suspects import Cover, Suspect
    from prescan.formats.pdf.text import Text

_COVERED_SHARE: Final = 0.5
"""A character is covered if this share of it is."""
_VISIBLE_SHARE: Final = 0.2
"""A character is cut off if less than this share of it is left."""
_FILLED_SHARE: Final = 0.6
"""A cover fills this share of its own bounds, or is dark; the lines and the star of a seal do neither."""
_SAME_COLOUR: Final = 0.9
_DARK: Final = 64
_LIGHT: Final = 224
_SCAN_SHARE: Final = 0.5
"""Pictures that fill this share of the page over its text are a scan, from which the text was recognised."""
_SCAN_SAMPLE: Final = 200
_MOST_GROUPS: Final = 40
"""Above this number of groups, everything that covers text is rendered at once."""


class PageCheck:
    """Checks the suspects of one page."""

    def __init__(
        self,
        page: Any,  # noqa: ANN401
        text: Text,
        shapes: list[Shape],
        suspects: list[Suspect],
        budget: Budget,
    ) -> None:
        """Begin with suspects found by suspects.py; `budget` limits what is drawn for all pages together."""
        self._text = text
        self._budget = budget
        self._shapes = shapes
        self._suspects = suspects
        self._page = page
        self._painted: Painter | None = None
        self._images = [text.place(shape.box) for shape in shapes if shape.kind == IMAGE]
        self._reasons: dict[int, reasons.Reason] = {}
        self.covering: set[int] = set()
        self._written: dict[int, str] = defaultdict(str)
        self._find_characters()

    def _find_characters(self) -> None:
        """Assign the characters of the page to their suspects."""
        by_key = {suspect.shape.key: suspect for suspect in self._suspects}
        for index, character in enumerate(self._text.text if by_key else ""):
            if not character.isspace() and (key := self._text.object_at(index)):
                self._written[key] += character
                if key in by_key:
                    by_key[key].characters.append((index, self._text.glyph(index)))

    @property
    def _painter(self) -> Painter:
        """The painter; made when first needed, because it removes the objects from the page."""
        if self._painted is None:
            self._painted = Painter(self._page, self._shapes, self._text.size, self._budget)
        return self._painted

    def scan_pictures(self) -> list[Shape]:
        """Return the pictures over text that together fill most of the page."""
        over = {cover.order: cover for suspect in self._suspects for cover in suspect.covers if cover.kind == IMAGE}
        taken = sum(area(self._on_page(self._text.place(cover.box))) for cover in over.values())
        return list(over.values()) if taken >= _SCAN_SHARE * self._text.area else []

    def shows_something(self, scan_pictures: list[Shape]) -> bool:
        """Return whether the pictures show anything at the places of the text under them."""
        orders = {sheet.order for sheet in scan_pictures}
        under = [suspect for suspect in self._suspects if any(cover.order in orders for cover in suspect.covers)]
        boxes = [box for suspect in under for _, box in suspect.characters]
        if not boxes or not any(suspect.drawn for suspect in under):
            return True
        boxes = boxes[:: max(1, len(boxes) // _SCAN_SAMPLE)]
        picture = self._painter.paint(scan_pictures, (0.0, 0.0, *self._text.size))
        return 2 * sum(not pdf_painter.is_uniform(picture, box) for box in boxes) >= len(boxes)

    def ignore_covers(self, scan_pictures: list[Shape]) -> None:
        """Remove pictures from the covers of all suspects."""
        orders = {sheet.order for sheet in scan_pictures}
        for suspect in self._suspects:
            suspect.covers = [cover for cover in suspect.covers if cover.order not in orders]

    def reasons_by_index(self, covers: list[Cover], *, layered: bool) -> dict[int, reasons.Reason]:
        """Return index of a character → why it cannot be seen; graver reasons replace lesser ones."""
        self._certain()
        self._same_colour()
        self._layers()
        self._masks()
        if layered:
            self._forms()
        self._annotations(covers)
        self._covered()
        self._clear_repeated()
        return self._reasons

    def _certain(self) -> None:
        """Set the reasons that PDFium's data give; text that is not drawn over a picture was recognised from it."""
        for suspect in self._suspects:
            reason = reasons.TINY if suspect.tiny else reasons.TRANSPARENT if suspect.transparent else None
            for index, box in suspect.characters:
                if reason:
                    self._reasons[index] = reason
                elif not suspect.drawn and not any(contains_centre(image, box) for image in self._images):
                    self._reasons[index] = reasons.NOT_DRAWN
                elif suspect.clip and covered_share(self._text.place(suspect.clip), box) < _VISIBLE_SHARE:
                    self._reasons[index] = reasons.CUT_OFF

    def _same_colour(self) -> None:
        """Set the reason for text in the colour of what is drawn around it."""
        pale = [suspect for suspect in self._suspects if suspect.fill and suspect.drawn and suspect.characters]
        if not pale:
            return
        place = union(box for suspect in pale for _, box in suspect.characters)
        picture = self._painter.paint((shape for shape in self._shapes if shape.kind != TEXT), place)
        for suspect in pale:
            reason = reasons.BLACK_ON_BLACK if max((suspect.fill or WHITE)[:3]) < _DARK else reasons.SAME_AS_BACKGROUND
            fill = suspect.fill or (*WHITE, 255)
            same = [
                index
                for index, box in suspect.characters
                if pdf_painter.share_of_colour(picture, box, fill) >= _SAME_COLOUR
            ]
            if not suspect.on_picture or len(same) == len(suspect.characters):
                self._reasons.update(dict.fromkeys(same, reason))

    def _layers(self) -> None:
        """Set the reason for text whose layer is off."""
        shown: dict[int, bool] = {}
        for suspect in self._suspects:
            if suspect.layer and suspect.characters:
                key = address(suspect.layer)
                if key not in shown:
                    shown[key] = self._painter.shows(suspect.layer)
                if not shown[key]:
                    self._set_all(suspect, reasons.LAYER_OFF)

    def _masks(self) -> None:
        """Set the reason for text that a mask hides completely. For fonts that are not embedded see `_forms`."""
        masked = [one for one in self._suspects if one.masked and one.characters and one.shape.always_draws]
        if not masked:
            return
        place = self._on_page(union(box for suspect in masked for _, box in suspect.characters))
        picture = self._painter.paint((suspect.shape for suspect in masked), place, GREY)
        for suspect in masked:
            if all(pdf_painter.is_uniform(picture, box) for _, box in suspect.characters):
                self._set_all(suspect, reasons.MASKED)

    def _forms(self) -> None:
        """Set the reason for text of forms of which nothing shows, where forms may belong to layers.

        Text counts only if its font is embedded: another machine may lack the font and draw nothing.
        """
        by_form: dict[int, list[Suspect]] = defaultdict(list)
        for suspect in self._suspects:
            if suspect.shape.form is not None and suspect.drawn and suspect.characters:
                by_form[suspect.shape.form].append(suspect)
        for form, suspects in by_form.items():
            proof = [shape for shape in self._shapes if shape.form == form and shape.always_draws]
            if proof:
                area = self._on_page(union(self._text.place(shape.box) for shape in proof))
                if self._painter.paint(proof, area, GREY).is_blank(GREY):
                    for suspect in suspects:
                        self._set_all(suspect, reasons.LAYER_OFF)

    def _annotations(self, covers: list[Cover]) -> None:
        """Set the reason for text under annotations, also under redaction annotations that were never applied."""
        places = [(self._text.place(box), cover.redact) for cover in covers for box in cover.boxes]
        if not places:
            return
        drawn = [place for place, redact in places if not redact]
        opacity = OpacityMap(self._painter, (), union(drawn), annotations=True) if drawn else None
        reasons_by_index = [
            reasons.UNDER_REDACT if redact or not opacity else _cover_reason(opacity, place) for place, redact in places
        ]
        for index, character in enumerate(self._text.text):
            if character.isspace():
                continue
            box = self._text.glyph(index)
            for (place, redact), reason in zip(places, reasons_by_index, strict=True):
                if (
                    reason
                    and contains_centre(place, box)
                    and (redact or (opacity and opacity.share(box) >= _COVERED_SHARE))
                ):
                    self._reasons[index] = reason

    def _covered(self) -> None:
        """Set the reason for text under shapes that are drawn later."""
        for suspects in _groups([one for one in self._suspects if one.covers and one.characters]):
            covers = {cover.order: cover for suspect in suspects for cover in suspect.covers}
            places = {order: self._on_page(self._text.place(cover.box)) for order, cover in covers.items()}
            undrawn = {order for order, cover in covers.items() if not self._budget.allows(cover)}
            opacity = OpacityMap(self._painter, covers.values(), union(places.values()))
            reasons_by_index = {
                order: _cover_reason(opacity, place, covers[order].kind) for order, place in places.items()
            }
            reasons_by_index.update(dict.fromkeys(undrawn, reasons.UNDER_IMAGE))
            for suspect in suspects:
                for index, box in suspect.characters:
                    over = [
                        cover.order
                        for cover in suspect.covers
                        if covered_share(places[cover.order], box) >= _COVERED_SHARE
                    ]
                    if (
                        over
                        and (over[-1] in undrawn or opacity.share(box) >= _COVERED_SHARE)
                        and (reason := reasons_by_index[over[-1]])
                    ):
                        self._reasons[index] = reason
                        self.covering.add(over[-1])

    def _clear_repeated(self) -> None:
        """Clear the reasons of text that is also visible at its place: some programs draw it under and over a box.

        PDFium may count the characters of the first only.
        """
        marked = [one for one in self._suspects if any(index in self._reasons for index, _ in one.characters)]
        if not marked:
            return
        hidden_keys = {one.shape.key for one in marked} | {
            one.shape.key for one in self._suspects if not one.characters
        }
        seen: dict[tuple[int, int], set[str]] = defaultdict(set)
        for shape in self._shapes:
            if shape.kind == TEXT and shape.key not in hidden_keys:
                seen[shape.origin].add(self._written.get(shape.key, ""))
        for one in marked:
            if seen[one.shape.origin] & {"", self._written[one.shape.key]}:
                for index, _ in one.characters:
                    self._reasons.pop(index, None)

    def _set_all(self, suspect: Suspect, reason: reasons.Reason) -> None:
        self._reasons.update((index, reason) for index, _ in suspect.characters)

    def _on_page(self, box: Box) -> Box:
        """Return the part of a box that lies on the page."""
        width, height = self._text.size
        left, top = min(max(box[0], 0.0), width), min(max(box[1], 0.0), height)
        return left, top, max(min(box[2], width), left), max(min(box[3], height), top)


def _groups(suspects: list[Suspect]) -> list[list[Suspect]]:
    """Group suspects so that all covers of a group are drawn after all its texts; one group if there are too many."""
    groups: list[list[Suspect]] = []
    first = -1
    for suspect in suspects:
        if suspect.shape.order > first:
            groups.append([])
            first = suspect.covers[0].order
        groups[-1].append(suspect)
        first = min(first, suspect.covers[0].order)
    return groups if len(groups) <= _MOST_GROUPS else [suspects]


def _cover_reason(opacity: OpacityMap, place: Box, kind: int | None = None) -> reasons.Reason | None:
    """Return the reason for text under a shape or an annotation; None if it consists of lines, like a seal."""
    low, high = opacity.shades(place)
    if high >= _DARK and opacity.share(place) < _FILLED_SHARE:
        return None
    if kind == IMAGE:
        return reasons.UNDER_IMAGE
    return reasons.UNDER_DARK if high < _DARK else reasons.UNDER_WHITE if low >= _LIGHT else reasons.UNDER_COLOUR
