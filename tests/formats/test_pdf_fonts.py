"""What fonts make of the bytes in a content stream, and which characters an operator that shows text loses."""

from __future__ import annotations

import pytest
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    NameObject,
    NumberObject,
)

from prescan.formats.pdf.fonts import Font
from prescan.formats.pdf.operators import Rewriter
from prescan.formats.pdf.targeting import PageChange
from prescan.formats.pdf.text_edits import NotExactError

TO_UNICODE = b"""1 begincodespacerange <00> <FF> endcodespacerange
2 beginbfchar <01> <00660069> <02> <0031> endbfchar
2 beginbfrange <10> <12> <0041> <20> <21> [<4E00> <4E8C>] endbfrange"""


def dictionary(**entries: object) -> DictionaryObject:
    """Return a PDF dictionary."""
    return DictionaryObject({NameObject(f"/{key}"): value for key, value in entries.items()})


def simple(**more: object) -> DictionaryObject:
    """Return a font of one byte a code, each 500 wide."""
    widths = ArrayObject([NumberObject(500)] * 256)
    return dictionary(Subtype=NameObject("/TrueType"), FirstChar=NumberObject(0), Widths=widths, **more)


def composite(encoding: object, **inner: object) -> DictionaryObject:
    """Return a composite font."""
    held = ArrayObject([dictionary(Subtype=NameObject("/CIDFontType2"), **inner)])
    return dictionary(Subtype=NameObject("/Type0"), Encoding=encoding, DescendantFonts=held)


def stream(data: bytes) -> DecodedStreamObject:
    """Return a stream."""
    held = DecodedStreamObject()
    held.set_data(data)
    return held


@pytest.mark.parametrize(
    ("encoding", "data", "codes"),
    [
        ("/Identity-H", b"\0A\0B", [b"\0A", b"\0B"]),
        ("/UniGB-UTF16-H", b"\x4e\x00\xd8\x40\xdc\x00", [b"\x4e\x00", b"\xd8\x40\xdc\x00"]),
        ("/GBK-EUC-H", b"A\xd6\xd0B", [b"A", b"\xd6\xd0", b"B"]),
        ("/GBKp-EUC-H", b"\xd6\xd01", [b"\xd6\xd0", b"1"]),
    ],
)
def test_where_a_code_ends(encoding: str, data: bytes, codes: list[bytes]) -> None:
    font = Font(composite(NameObject(encoding)))
    assert font.usable
    assert list(font.codes(data)) == codes


def test_an_embedded_cmap_tells_its_own_ranges() -> None:
    cmap = stream(b"2 begincodespacerange <00> <7F> <8140> <FEFE> endcodespacerange")
    assert list(Font(composite(cmap)).codes(b"A\x81\x41B")) == [b"A", b"\x81\x41", b"B"]


@pytest.mark.parametrize("font", [composite(NameObject("/UniGB-UCS2-V")), composite(NameObject("/Custom"))])
def test_upright_and_unknown_writing_is_not_touched(font: DictionaryObject) -> None:
    assert not Font(font).usable
    assert not Font(dictionary(Subtype=NameObject("/Type3"))).usable


def test_widths() -> None:
    listed = ArrayObject([NumberObject(1), ArrayObject([NumberObject(300), NumberObject(400)])])
    listed += [NumberObject(10), NumberObject(12), NumberObject(700)]
    font = Font(composite(NameObject("/Identity-H"), W=listed, DW=NumberObject(900)))
    assert [font.width(bytes((0, code))) for code in (1, 2, 3, 11)] == [300, 400, 900, 700]
    assert Font(simple()).width(b"A") == 500
    assert Font(dictionary(Subtype=NameObject("/Type1"))).width(b"A") is None


def test_what_codes_mean() -> None:
    font = Font(simple(ToUnicode=stream(TO_UNICODE)))
    assert [font.meaning(bytes([code])) for code in (1, 2, 0x11, 0x21, 0x99)] == ["fi", "1", "B", "二", None]


def rewritten(content: bytes, letters: list[tuple[str, str | None]], font: DictionaryObject) -> bytes:
    """Return a content whose first text object loses some of its characters."""
    resources = dictionary(Font=dictionary(F=font))
    hit = PageChange(objects={0: letters}, text_count=1)
    return Rewriter(hit, lambda _number, _letter: 500.0).page(stream(content), resources, None, check=True)[0]


def test_stars_take_the_same_width() -> None:
    letters = [("A", None), ("1", "*"), ("2", "*"), ("B", None)]
    made = rewritten(b"BT /F 10 Tf (A12B) Tj ET", letters, simple()).split()
    assert b"<2a2a>" in made
    assert b"<41>" in made
    assert b"3132" not in b"".join(made)
    stretch = float(made[made.index(b"Tz") - 1])
    assert stretch * 2 * 0.389 / 100 == pytest.approx(2 * 0.5, abs=1e-4)
    assert made[made.index(b"Tz", made.index(b"Tz") + 1) - 1] in {b"100", b"100.0"}


def test_a_deleted_character_leaves_its_width() -> None:
    made = rewritten(b"BT /F 10 Tf 2 Tc [(A) -50 (1) (B)] TJ ET", [("A", None), ("1", ""), ("B", None)], simple())
    assert b"<31>" not in made
    numbers = [
        float(word.strip(b"[]")) for word in made.split() if word.strip(b"[]").lstrip(b"-").replace(b".", b"").isdigit()
    ]
    assert -700.0 in numbers  # 500 of the character and 2 points of spacing at a size of 10
    assert -50.0 in numbers


def test_a_ligature_is_read_as_two_characters() -> None:
    font = simple(ToUnicode=stream(TO_UNICODE))
    made = rewritten(b"BT /F 10 Tf (\x01\x02) Tj ET", [("f", None), ("i", None), ("1", "*")], font)
    assert b"<01>" in made
    assert b"02>" not in made
    with pytest.raises(NotExactError):
        rewritten(b"BT /F 10 Tf (\x01\x02) Tj ET", [("x", None), ("i", None), ("1", "*")], font)


def test_what_was_counted_otherwise_is_not_exact() -> None:
    with pytest.raises(NotExactError):
        rewritten(b"BT /F 10 Tf (A) Tj (B) Tj ET", [("A", "*")], simple())
    with pytest.raises(NotExactError):
        rewritten(b"BT /G 10 Tf (A) Tj ET", [("A", "*")], simple())


def test_words_beside_marked_content_go() -> None:
    content = b"/Span <</ActualText (110101190203140028)>> BDC BT /F 10 Tf (A) Tj ET EMC"
    assert b"110101" not in rewritten(content, [("A", None)], simple())
