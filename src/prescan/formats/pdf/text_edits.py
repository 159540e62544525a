"""Changes the operands of operators that show text in a PDF."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from pypdf.generic import (
    ArrayObject,
    ByteStringObject,
    DictionaryObject,
    FloatObject,
    NameObject,
)

from prescan.formats.pdf.fonts import Font, entry

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


#: The font of the stars that replace characters.
MASK_FONT: Final = "/PrescanMask"
STAR: Final = b"*"
_STAR_WIDTH: Final = 389.0
"""The advance of a star in Helvetica, in thousandths."""
Operation = tuple[list[Any], bytes]


class NotExactError(Exception):
    """Some characters cannot be removed exactly."""


@dataclass(frozen=True, slots=True)
class State:
    """The part of the graphics state that determines the advance of characters."""

    font: str = ""
    size: float = 0.0
    spacing: float = 0.0
    word_spacing: float = 0.0
    stretch: float = 100.0


def next_state(operands: list[Any], operator: bytes, resources: DictionaryObject, state: State) -> State:
    """Return the state after an operator."""
    if operator == b"Tf":
        return replace(state, font=str(operands[0]), size=float(operands[1]))
    if operator == b"Tc":
        return replace(state, spacing=float(operands[0]))
    if operator == b"Tw":
        return replace(state, word_spacing=float(operands[0]))
    if operator == b"Tz":
        return replace(state, stretch=float(operands[0]))
    if operator == b"gs":
        states = entry(resources, "/ExtGState", DictionaryObject())
        held = states[operands[0]].get_object() if operands and operands[0] in states else {}
        if "/Font" in held:
            raise NotExactError  # a font that is not in the resources by name
    return state


def pieces_of(item: Any, font: Font) -> list[bytes | float]:  # noqa: ANN401
    """Return the codes of a string, or the number, in the operand of an operator that shows text."""
    return list(font.codes(bytes(item))) if isinstance(item, bytes) else [float(item)]


def changes_in(codes: list[bytes], font: Font, letters: list[tuple[str, str | None]]) -> list[tuple[str, str | None]]:
    """Return for each code the text PDFium reads it as, and its replacement. Raises NotExactError.

    PDFium leaves out some spaces, and reads a ligature as several characters.
    """
    if len(codes) == len(letters):
        return letters
    result: list[tuple[str, str | None]] = []
    at = 0
    for code in codes:
        meaning = font.meaning(code)
        if meaning is None:
            raise NotExactError
        size = max(len(meaning), 1)
        read = letters[at : at + size]
        if meaning.isspace() and (not read or not read[0][0].isspace()):
            result.append((" ", None))
            continue
        if "".join(letter for letter, _ in read) != meaning:
            raise NotExactError
        news = [new for _, new in read if new is not None]
        result.append((meaning, news[0] if news else None))
        at += size
    if at != len(letters):
        raise NotExactError
    return result


def replacement(
    stars: int, gap: float, state: State, resources: DictionaryObject, known: Callable[[DictionaryObject], None]
) -> Iterator[Operation]:
    """Yield stars that advance by `gap`, or only the gap."""
    if not state.size:
        raise NotExactError
    if not stars:
        yield [ArrayObject([FloatObject(round(-gap * 1000 / state.size, 3))])], b"TJ"
        return
    known(resources)
    # Stretched rather than spaced: text extraction would take wide spacing for spaces.
    stretch = state.stretch * gap / (stars * _STAR_WIDTH * state.size / 1000)
    yield [NameObject(MASK_FONT), FloatObject(state.size)], b"Tf"
    yield [FloatObject(0)], b"Tc"
    yield [FloatObject(round(stretch, 4))], b"Tz"
    yield [ByteStringObject(STAR * stars)], b"Tj"
    yield [NameObject(state.font), FloatObject(state.size)], b"Tf"
    yield [FloatObject(state.spacing)], b"Tc"
    yield [FloatObject(state.stretch)], b"Tz"


def without_texts(operands: list[Any]) -> list[Any]:
    """Return the operands of marked content without texts of their own (ActualText, Alt, E)."""
    kept = []
    for operand in operands:
        if isinstance(operand, DictionaryObject):
            inner = {
                key: value for key, value in operand.items() if key not in {"/ActualText", "/Alt", "/E", "/T", "/Lang"}
            }
            kept.append(DictionaryObject(inner))
        else:
            kept.append(operand)
    return kept
