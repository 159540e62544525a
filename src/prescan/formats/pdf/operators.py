"""Removes characters from content streams: the operators that show text are rewritten, all others are kept.

Text objects are numbered as PDFium does: one for each operator that shows a string, in forms too.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from pypdf.generic import (
    ArrayObject,
    ByteStringObject,
    ContentStream,
    DictionaryObject,
    FloatObject,
    NameObject,
    StreamObject,
)

from prescan.formats.pdf.fonts import Font, entry
from prescan.formats.pdf.text_edits import (
    MASK_FONT,
    NotExactError,
    Operation,
    State,
    changes_in,
    next_state,
    pieces_of,
    replacement,
    without_texts,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from prescan.formats.pdf.targeting import PageChange

_MAX_DEPTH: Final = 8
_TEXT_OPERATORS: Final = frozenset({b"Tj", b"TJ", b"'", b'"'})
_MARKED_CONTENT: Final = frozenset({b"BDC", b"DP"})
_FILLING: Final = frozenset({b"scn", b"SCN"})  # the last operand may be a pattern


class Rewriter:
    """Rewrites the content of a page and of the forms it draws."""

    def __init__(self, hit: PageChange, width: Callable[[int, str], float]) -> None:
        """`width`: returns the advance, in thousandths, of a character in the text object with this number."""
        self._hit = hit
        self._width = width
        self._count = 0
        self._fonts: dict[int, Font] = {}

    def page(self, content: Any, resources: Any, reader: Any, *, check: bool) -> tuple[bytes, DictionaryObject]:  # noqa: ANN401
        """Return the new content and resources of a page; `check`: verify the number of texts. Raises NotExactError."""
        operations = self._stream(content, resources, reader, State(), 0)
        if check and self._count != self._hit.text_count:
            raise NotExactError
        return operations

    def _stream(
        self,
        content: Any,  # noqa: ANN401
        resources: Any,  # noqa: ANN401
        reader: Any,  # noqa: ANN401
        state: State,
        depth: int,
    ) -> tuple[bytes, DictionaryObject]:
        stream = ContentStream(content, reader, forced_encoding="bytes")
        own = DictionaryObject(resources)
        operations: list[Operation] = []
        saved: list[State] = []
        used_names: set[str] = set()
        for operands, operator in stream.operations:
            if operator == b"q":
                saved.append(state)
            elif operator == b"Q" and saved:
                state = saved.pop()
            elif operator in _TEXT_OPERATORS:
                if operator == b'"':
                    state = replace(state, word_spacing=float(operands[0]), spacing=float(operands[1]))
                operations += self._rewrite_text(operands, operator, own, state)
                continue
            elif operator == b"Do":
                name = self._form(str(operands[0]), own, reader, state, depth)
                used_names.add(name)
                operations.append(([name], b"Do"))
                continue
            elif operator in _MARKED_CONTENT:
                operations.append((without_texts(operands), operator))
                continue
            elif operator in _FILLING:
                used_names.update(map(str, operands))
            else:
                state = next_state(operands, operator, own, state)
            operations.append((operands, operator))
        stream.operations = operations
        keep_used(own, used_names)
        return stream.get_data(), own

    def _form(
        self,
        name: str,
        resources: DictionaryObject,
        reader: Any,  # noqa: ANN401
        state: State,
        depth: int,
    ) -> NameObject:
        """Process a form; if one of its texts changes, return the name of a changed copy, else its own name."""
        forms = entry(resources, "/XObject", DictionaryObject())
        form = forms[name].get_object() if name in forms else None
        if not isinstance(form, StreamObject) or entry(form, "/Subtype") != "/Form" or depth >= _MAX_DEPTH:
            return NameObject(name)
        before = self._count
        inner = entry(form, "/Resources", resources)
        data, own = self._stream(form, inner, reader, state, depth + 1)
        if not any(before <= number < self._count for number in (*self._hit.objects, *self._hit.duplicate_texts)):
            return NameObject(name)
        copy = StreamObject()
        for key in ("/Type", "/Subtype", "/BBox", "/Matrix", "/Group", "/FormType"):
            if key in form:
                copy[NameObject(key)] = form[key]
        copy[NameObject("/Resources")] = own
        copy.set_data(data)
        new = NameObject(f"{name}r{before}")
        held = DictionaryObject(forms)
        held[new] = copy.flate_encode()
        resources[NameObject("/XObject")] = held
        return new

    def _rewrite_text(
        self, operands: list[Any], operator: bytes, resources: DictionaryObject, state: State
    ) -> Iterator[Operation]:
        """Yield the operations that replace one that shows text."""
        shown = operands[0] if operator == b"TJ" else ArrayObject([operands[-1]])
        text_count = [item for item in shown if isinstance(item, bytes) and item]
        number = self._count
        self._count += bool(text_count)
        if not text_count or not (number in self._hit.objects or number in self._hit.duplicate_texts):
            yield operands, operator
            return
        if operator in {b"'", b'"'}:
            if operator == b'"':
                yield [operands[0]], b"Tw"
                yield [operands[1]], b"Tc"
            yield [], b"T*"
        font = self._font(resources, state.font)
        pieces = [pieces_of(item, font) for item in shown]
        codes = [code for piece in pieces for code in piece if isinstance(code, bytes)]
        if number in self._hit.duplicate_texts:
            changes: list[tuple[str, str | None]] = [(font.meaning(code) or " ", "") for code in codes]
        else:
            changes = changes_in(codes, font, self._hit.objects[number])
        yield from self._split(pieces, changes, font, state, number, resources)

    def _split(  # noqa: PLR0913, PLR0917
        self,
        pieces: list[list[bytes | float]],
        changes: list[tuple[str, str | None]],
        font: Font,
        state: State,
        number: int,
        resources: DictionaryObject,
    ) -> Iterator[Operation]:
        """Yield the kept characters and, with the same advance, replacements for the removed ones."""
        next_changes = iter(changes)
        kept = ArrayObject()
        stars, gap = 0, 0.0
        removing = False
        for item in (item for piece in pieces for item in piece):
            if isinstance(item, float):
                if removing:
                    gap -= item * state.size / 1000
                else:
                    kept.append(FloatObject(item))
                continue
            letter, new = next(next_changes)
            if new is None:
                if removing:
                    yield from replacement(stars, gap, state, resources, self._mask_font)
                    removing, stars, gap = False, 0, 0.0
                kept.append(ByteStringObject(item))
                continue
            if not removing and kept:
                yield [kept], b"TJ"
                kept = ArrayObject()
            removing = True
            width = font.width(item)
            gap += (self._width(number, letter) if width is None else width) * state.size / 1000 + state.spacing
            gap += state.word_spacing if font.single and item == b" " else 0.0
            stars += new not in {"", "█"} and not new.isspace()
        if removing:
            yield from replacement(stars, gap, state, resources, self._mask_font)
        if kept:
            yield [kept], b"TJ"

    def _mask_font(self, resources: DictionaryObject) -> None:
        """Add the font of the stars to the resources."""
        fonts = DictionaryObject(entry(resources, "/Font", DictionaryObject()))
        if MASK_FONT not in fonts:
            names = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Helvetica", "/Encoding": "/WinAnsiEncoding"}
            font = DictionaryObject({NameObject(key): NameObject(value) for key, value in names.items()})
            fonts[NameObject(MASK_FONT)] = font
            resources[NameObject("/Font")] = fonts

    def _font(self, resources: DictionaryObject, name: str) -> Font:
        fonts = entry(resources, "/Font", DictionaryObject())
        if name not in fonts:
            raise NotExactError
        held = fonts[name].get_object()
        if id(held) not in self._fonts:
            self._fonts[id(held)] = Font(held)
        if not self._fonts[id(held)].usable:
            raise NotExactError
        return self._fonts[id(held)]


def keep_used(resources: DictionaryObject, names: set[str]) -> None:
    """Remove from the resources the forms, pictures and patterns that the content does not use."""
    for kind in {"/XObject", "/Pattern"} & set(resources):
        held: Any = resources[kind].get_object()
        kept = {NameObject(name): held.raw_get(name) for name in held if name in names}
        resources[NameObject(kind)] = DictionaryObject(kept)
