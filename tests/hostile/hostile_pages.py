"""Web pages and pdfs made to exhaust their reader."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from hostile_archives import HARMLESS, zipped
from hostile_case import CANARY, Case

if TYPE_CHECKING:
    from collections.abc import Sequence

FOUND = "harmless canary"


def pdf(objects: Sequence[bytes], root: int = 1) -> bytes:
    """Return a pdf of these objects, numbered from 1."""
    out, places = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer\n<</Size %d/Root %d 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, root, len(out))
    return out + b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + table + end


def stream(content: bytes, head: bytes = b"") -> bytes:
    """Return a stream object."""
    return b"<<%b/Length %d>>\nstream\n%b\nendstream" % (head, len(content), content)


SHOWN = f"BT /F 12 Tf 50 700 Td ({FOUND}) Tj ET".encode()
FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
CATALOG = b"<</Type/Catalog/Pages 2 0 R>>"
PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F 5 0 R>>%b>>/Contents 4 0 R%b>>"


def document(
    *more: bytes,
    catalog: bytes = CATALOG,
    pages: bytes = b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
    content: bytes = b"",
    resources: bytes = b"",
    page: bytes = b"",
) -> bytes:
    """Return a pdf of one page that says FOUND; `more` are objects from 6 on."""
    return pdf([catalog, pages, PAGE % (resources, page), content or stream(SHOWN), FONT, *more])


def claimed_picture(width: int, height: int) -> bytes:
    """Return a PNG that claims a size and holds no pixel of it."""
    head = width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\x02\0\0\0"
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(bytes(99))), (b"IEND", b""))
    told = (kind + body for kind, body in chunks)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        (len(one) - 4).to_bytes(4, "big") + one + zlib.crc32(one).to_bytes(4, "big") for one in told
    )


def recursive_form() -> bytes:
    """Return a pdf whose forms draw each other eight times, without end."""
    drawn = b" ".join([b"/X Do"] * 8)
    head = b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X %d 0 R>>>>"
    forms = [stream(drawn, head % number) for number in (7, 6)]
    return document(*forms, content=stream(SHOWN + b" " + drawn), resources=b"/XObject<</X 6 0 R>>")


def doubling_forms() -> bytes:
    """Return a pdf of 30 forms, each of which draws the next one twice: a billion drawings."""
    head = b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X %d 0 R>>/Font<</F 5 0 R>>>>"
    forms = [stream(b"/X Do /X Do", head % number) for number in range(7, 36)]
    forms.append(stream(SHOWN, head % 5))
    return document(*forms, content=stream(SHOWN + b" /X Do"), resources=b"/XObject<</X 6 0 R>>")


def doubling_fields(*, shown: bool = True) -> bytes:
    """Return a pdf of 40 form fields, each of which holds the next one twice."""
    fields = [b"<</Kids[%d 0 R %d 0 R]/Parent %d 0 R>>" % (at + 1, at + 1, at - 1) for at in range(7, 47)]
    leaf = b"<</FT/Tx/T(x)/V(y)/Parent 46 0 R/Type/Annot/Subtype/Widget/Rect[0 0 9 9]>>"
    form = b"<</Fields[7 0 R]/NeedAppearances true>>"
    catalog = CATALOG.replace(b">>", b"/AcroForm 6 0 R>>")
    return document(form, *fields, leaf, catalog=catalog, page=b"/Annots[47 0 R]" if shown else b"")


def deep_tree(depth: int = 3000) -> bytes:
    """Return a pdf whose page lies under many levels of its tree."""
    tree = [b"<</Type/Pages/Kids[%d 0 R]/Count 1/Parent %d 0 R>>" % (at + 1, at - 1) for at in range(6, 6 + depth)]
    leaf = PAGE % (b"", b"")
    return document(*tree, leaf, pages=b"<</Type/Pages/Kids[6 0 R]/Count 1>>")


def filters() -> bytes:
    """Return a pdf whose content is packed three times over and grows to 100 MB."""
    packed = b" " * (100 << 20)
    for _ in range(3):
        packed = zlib.compress(packed, 9)
    return document(content=stream(packed, b"/Filter[/FlateDecode/FlateDecode/FlateDecode]"))


OUTLINE = b"<</Type/Catalog/Pages 2 0 R/Outlines 6 0 R/Names<</EmbeddedFiles 7 0 R>>>>"
CYCLES = (
    b"<</Type/Outlines/First 6 0 R/Last 6 0 R/Next 6 0 R/Parent 6 0 R/Title(x)>>",
    b"<</Kids[7 0 R 7 0 R]/Names[(a) 7 0 R]>>",
)
SHARED = b"<</Type/Pages/Kids[" + b"3 0 R " * 200_000 + b"]/Count 200000>>"

PDFS = [
    Case("picture of 3.6 billion pixels", lambda: claimed_picture(60_000, 60_000), ("too_large|no_text_layer",)),
    Case("picture of 118 million pixels", lambda: claimed_picture(10_900, 10_900), ("*",)),
    Case("tiff whose pages go in a circle", lambda: b"II*\0\x08\0\0\0" + b"\0\0\x08\0\0\0", ("*",)),
    Case("pdf page tree in a circle", lambda: document(pages=b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 9>>"), ("*",)),
    Case("pdf count of two billion", lambda: document(pages=b"<</Kids[3 0 R]/Count 2147483647>>"), ("?",), FOUND),
    Case("pdf count negative", lambda: document(pages=b"<</Type/Pages/Kids[3 0 R]/Count -5>>"), ("?",), FOUND),
    Case("pdf of 200,000 shared pages", lambda: document(pages=SHARED), ("*",), FOUND),
    Case("pdf tree 3000 deep", deep_tree, ("*",)),
    Case("pdf forms in a circle", recursive_form, ("memory|timeout",)),
    Case("pdf forms that double", doubling_forms, ("memory|timeout",)),
    Case("pdf fields that double", doubling_fields, ("timeout",), FOUND),
    Case("pdf fields that double, none on a page", lambda: doubling_fields(shown=False), (), FOUND),
    Case("pdf whose catalog is a potato", lambda: document(catalog=b"<</Type/Potato/N 5/First 31>>"), ("corrupted",)),
    Case("pdf filters", filters, ("*",)),
    Case("pdf outline and names in a circle", lambda: document(*CYCLES, catalog=OUTLINE), ("?",), FOUND),
    Case("pdf page of a light year", lambda: document(page=b"/MediaBox[-1e30 -1e30 1e30 1e30]"), ("?",)),
    Case("pdf truncated", lambda: document()[:300], ("*",)),
    Case("pdf without a table", lambda: document().replace(b"xref", b"xxxx"), ("?",), FOUND),
    Case("pdf of nothing", lambda: b"%PDF-1.7\n", ("corrupted",)),
    Case("pdf with a zip behind it", lambda: document() + zipped([("a.txt", HARMLESS)]), ("unsupported",), FOUND),
]


def page(body: str) -> bytes:
    """Return a page that says CANARY first."""
    return f"<html><body><p>{CANARY}</p>{body}</body></html>".encode()


PAGES = [
    Case("html 100,000 divs", lambda: page("<div>" * 100_000), ("archive_limit",)),
    Case("html 100,000 of other kinds", lambda: page("<a><b><i><u>" * 25_000), ("archive_limit",)),
    Case("html 200,000 attributes", lambda: page("<p " + " ".join(f"a{at}=1" for at in range(200_000)) + ">"), ("*",)),
    Case("html unclosed tags", lambda: page("<p><b><table><tr><td>x<!-- " + "y" * 99), canary=CANARY),
    Case("html 500,000 brackets", lambda: page("<" * 500_000), ("?",)),
    Case("html tags in tags", lambda: page("<a b='<" * 100_000), ("?",)),
    Case("html 300,000 entities", lambda: page("&#x4e2d;" * 300_000), canary=CANARY),
    Case("html a billion columns", lambda: page("<table><tr><td colspan=999999999 rowspan=999999999>x</table>"), ()),
    Case("html 1,000 tables deep", lambda: page("<table><tr><td>" * 1000), ("?",)),
    Case("html page in page", lambda: page(_srcdoc(6)), ("archive_limit",), canary=CANARY),
    Case("html 200,000 comments", lambda: page("<!--a1-->" * 200_000), ("?",)),
    Case("html style of 300,000 rules", lambda: page("<style>" + "x{display:none}" * 300_000 + "</style>"), ("?",)),
    Case("html script of brackets", lambda: page("<script>" + "[" * 500_000 + "</script>"), ("?",)),
    Case("html lying charset", lambda: page("<meta charset=big5>"), canary=CANARY),
    Case("html zero bytes", lambda: page("\0" * 500), ("unsupported",)),
    Case("mhtml 3,000 deep", lambda: _parts(3000), ("archive_limit",)),
]


def _srcdoc(levels: int) -> str:
    text = "x"
    for _ in range(levels):
        text = '<iframe srcdoc="' + text.replace("&", "&amp;").replace('"', "&quot;") + '"></iframe>'
    return text


def _parts(levels: int) -> bytes:
    nested = (b"Content-Type: multipart/related; boundary=%d\n\n--%d\n" % (at, at) for at in range(levels))
    return b"MIME-Version: 1.0\n" + b"".join(nested)


CASES = [*PDFS, *PAGES]
