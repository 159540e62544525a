"""Pages for trying the recognition of text: rendered, then worn as scans are. Names and numbers are invented."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

#: Fonts with Chinese characters, as Debian installs them.
_FONTS: Final = (
    "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
)
_POINTS: Final = 72
_WHITE: Final = 255
_THRESHOLD: Final = 150
_SMOOTH: Final = Image.Resampling.BICUBIC
A4: Final = (595, 842)
RED: Final = (215, 20, 25)
MARK: Final = "机密★10年"
#: Numbers with valid check digits that belong to nobody.
NUMBERS: Final = ("110101190203140028", "440524188001010014", "11010519491231002X")
_TEXT: Final = (
    "为进一步做好低收入人口动态监测和常态化救助帮扶工作，经研究同意，现将有关事项通知如下。",
    "一、健全监测机制。各区县要建立定期走访、数据比对和主动申报相结合的发现机制，做到早发现、早干预、早帮扶。",
    "二、明确责任分工。民政部门负责统筹协调，财政部门保障资金，审计部门加强监督，其他部门按照职责做好配合。",
    "三、核对基础信息。样例如下：",
    f"（一）样例一，身份证号{NUMBERS[0]}；",
    f"（二）样例二，身份证号{NUMBERS[1]}；",
    f"（三）样例三，身份证号{NUMBERS[2]}。",
    "四、严格工作纪律。不得虚报冒领、优亲厚友，不得截留挪用，对违反规定的，依规依纪依法追究责任。",
    "五、按时报送情况。各区县于每季度末月25日前，将进展情况（含电子版）报送市民政局社会救助科。",
    "本通知自印发之日起施行，有效期五年。此前有关规定与本通知不一致的，以本通知为准。",
)


@dataclass(frozen=True)
class Wear:
    """What scanning does to a page."""

    dpi: int = 300
    skew: float = 0.0
    """Degrees to the right and down."""
    seal: bool = False
    """A red seal over the mark and over the end of the text."""
    noise: float = 0.0
    blur: float = 0.0
    quality: int = 0
    """Of the JPEG it is kept as; 0: kept as PNG."""
    ground: int = 255
    """The grey of the paper: old or recycled paper, or the other side shining through, is not white."""
    shade: float = 0.0
    """How much darker one corner is than the other, from 0 to 1: a lamp beside it, the fold of a book."""
    holes: bool = False
    """Two punched holes and a shadow along the left edge."""
    fax: bool = False
    """Black and white, every grey decided by a threshold."""
    photo: float = 0.0
    """How far the corners of the sheet lie beside those of the picture, in shares of it: photographed by hand."""


def font_path() -> Path | None:
    """Return a font with Chinese characters, or None."""
    return next((path for path in map(Path, _FONTS) if path.exists()), None)


def body_lines(width: int = 30) -> list[str]:
    """Return the text of a page, line by line."""
    lines: list[str] = []
    for text in _TEXT:
        lines += [text[at : at + width] for at in range(0, len(text), width)]
    return lines


def plain_page(wear: Wear, lines: list[str] | None = None, size: int = 14) -> Image.Image:
    """Return a page of nothing but text."""
    return _worn(_drawn(lines or body_lines(), wear, 80, size, ()), wear)


def red_header(wear: Wear, *, right: bool = False, mark: str = MARK) -> Image.Image:
    """Return the first page of a document with a red header and a mark at the top left or right."""
    x = A4[0] - 72 - 16 * 5.2 if right else 72
    head = (
        (x, 60, 16, mark, "black"),
        (72, 84, 16, "特急", "black"),
        (110, 130, 38, "某某市人民政府文件", RED),
        (230, 208, 14, "某政发〔2026〕12号", "black"),
    )
    drawn = _drawn(body_lines(), wear, 290, 14, head)
    canvas = ImageDraw.Draw(drawn)
    scale = wear.dpi / _POINTS
    canvas.line((72 * scale, 236 * scale, (A4[0] - 72) * scale, 236 * scale), fill=RED, width=max(1, int(2 * scale)))
    if wear.seal:
        drawn = _sealed(_sealed(drawn, wear, x + 30, 72), wear, 430, 640)
    return _worn(drawn, wear)


def table_page(wear: Wear, rows: list[list[str]]) -> Image.Image:
    """Return a page with a title and a ruled table."""
    drawn = _drawn([], wear, 0, 14, ((200, 70, 20, "低保对象花名册", "black"),))
    canvas, scale = ImageDraw.Draw(drawn), wear.dpi / _POINTS
    widths = (40, 70, 150, 110, 80)
    left, top, high = 72, 120, 26
    for number, row in enumerate(rows):
        x = left
        for width, text in zip(widths, row, strict=False):
            box = (x * scale, (top + number * high) * scale, (x + width) * scale, (top + (number + 1) * high) * scale)
            canvas.rectangle(box, outline="black", width=max(1, int(0.7 * scale)))
            canvas.text((box[0] + 4 * scale, box[1] + 6 * scale), text, font=_font(11, wear), fill="black")
            x += width
    return _worn(drawn, wear)


def kept(image: Image.Image, wear: Wear) -> bytes:
    """Return the bytes of a picture file."""
    out = io.BytesIO()
    if wear.quality:
        image.save(out, "JPEG", quality=wear.quality, dpi=(wear.dpi, wear.dpi))
    else:
        image.save(out, "PNG", dpi=(wear.dpi, wear.dpi))
    return out.getvalue()


def as_pdf(images: list[Image.Image], wear: Wear) -> bytes:
    """Return a pdf with a picture a page and no text."""
    out = io.BytesIO()
    images[0].save(out, "PDF", resolution=wear.dpi, save_all=True, append_images=images[1:])
    return out.getvalue()


def distance(one: str, other: str) -> int:
    """Return how many characters must be put in, taken out or changed to make one text the other."""
    row = list(range(len(other) + 1))
    for number, character in enumerate(one, 1):
        above, row[0] = row[0], number
        for at, there in enumerate(other, 1):
            above, row[at] = row[at], min(row[at] + 1, row[at - 1] + 1, above + (character != there))
    return row[-1]


def _font(points: float, wear: Wear) -> ImageFont.FreeTypeFont:
    path = font_path()
    if path is None:
        raise FileNotFoundError("no font with Chinese characters: apt-get install fonts-wqy-microhei")
    return ImageFont.truetype(str(path), max(6, round(points * wear.dpi / _POINTS)))


def _drawn(
    lines: list[str], wear: Wear, top: float, size: int, head: tuple[tuple[float, float, int, str, object], ...]
) -> Image.Image:
    scale = wear.dpi / _POINTS
    image = Image.new("RGB", (round(A4[0] * scale), round(A4[1] * scale)), "white")
    canvas = ImageDraw.Draw(image)
    for x, y, points, text, colour in head:
        canvas.text((x * scale, y * scale), text, font=_font(points, wear), fill=colour)  # type: ignore[arg-type]
    for number, line in enumerate(lines):
        canvas.text((80 * scale, (top + number * size * 1.9) * scale), line, font=_font(size, wear), fill="black")
    return image


def _sealed(image: Image.Image, wear: Wear, x: float, y: float) -> Image.Image:
    """Press a seal on a page as ink does: what is dark stays dark."""
    scale, radius = wear.dpi / _POINTS, 42
    ink = Image.new("RGB", image.size, "white")
    canvas = ImageDraw.Draw(ink)
    box = [(x - radius) * scale, (y - radius) * scale, (x + radius) * scale, (y + radius) * scale]
    canvas.ellipse(box, outline=(225, 40, 40), width=max(2, int(3 * scale)))
    canvas.text(((x - 9) * scale, (y - 10) * scale), "★", font=_font(20, wear), fill=(225, 40, 40))
    for turn in range(-120, 121, 30):
        letter = Image.new("RGBA", (int(14 * scale), int(14 * scale)))
        ImageDraw.Draw(letter).text(
            (0, 0), "某市人民政府办公室"[(turn + 120) // 30], font=_font(11, wear), fill=(225, 40, 40)
        )
        turned = letter.rotate(-turn, expand=True)
        angle = np.radians(turn - 90)
        at = (
            int((x + 31 * np.cos(angle)) * scale - turned.width / 2),
            int((y + 31 * np.sin(angle)) * scale - turned.height / 2),
        )
        ink.paste(turned, at, turned)
    return Image.fromarray(np.minimum(np.asarray(image), np.asarray(ink)))


def _worn(image: Image.Image, wear: Wear) -> Image.Image:
    if wear.skew:
        image = image.rotate(-wear.skew, resample=Image.Resampling.BICUBIC, fillcolor="white")
    if wear.holes:
        image = _punched(image, wear)
    if wear.ground < _WHITE or wear.shade:
        image = _lit(image, wear)
    if wear.photo:
        image = _photographed(image, wear)
    if wear.blur:
        image = image.filter(ImageFilter.GaussianBlur(wear.blur))
    if wear.noise:
        random_ = np.random.default_rng(7)
        shown = np.asarray(image).astype(np.float32) + random_.normal(0, wear.noise, (*image.size[::-1], 1))
        image = Image.fromarray(np.clip(shown, 0, 255).astype(np.uint8))
    if wear.fax:
        image = image.convert("L").point(lambda value: 255 if value > _THRESHOLD else 0).convert("RGB")
    return image


def _punched(image: Image.Image, wear: Wear) -> Image.Image:
    scale, canvas = wear.dpi / _POINTS, ImageDraw.Draw(image)
    for y in (A4[1] / 2 - 113, A4[1] / 2 + 113):
        box = [(34 - 9) * scale, (y - 9) * scale, (34 + 9) * scale, (y + 9) * scale]
        canvas.ellipse(box, fill=(25, 25, 25))
    canvas.rectangle((0, 0, 5 * scale, image.height), fill=(60, 60, 60))
    return image


def _lit(image: Image.Image, wear: Wear) -> Image.Image:
    """Let the paper be grey, and one corner darker than the one across from it."""
    down, across = np.linspace(0, 1, image.height)[:, None], np.linspace(0, 1, image.width)[None, :]
    light = wear.ground / _WHITE * (1 - wear.shade * (down + across) / 2)
    return Image.fromarray((np.asarray(image) * light[:, :, None]).astype(np.uint8))


def _photographed(image: Image.Image, wear: Wear) -> Image.Image:
    """Show the sheet on a dark table, seen from a side: far edges are shorter."""
    wide, high = image.size
    inset = wear.photo
    corners = [(inset, inset / 2), (0.0, 1 - inset / 3), (1 - inset / 2, 1.0), (1 - inset, inset)]
    sheet = [(0, 0), (0, high), (wide, high), (wide, 0)]
    rows, values = [], []
    for (x, y), (to_x, to_y) in zip([(x * wide, y * high) for x, y in corners], sheet, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -to_x * x, -to_x * y], [0, 0, 0, x, y, 1, -to_y * x, -to_y * y]]
        values += [to_x, to_y]
    back = tuple(np.linalg.solve(np.array(rows), np.array(values)))
    return image.transform(image.size, Image.Transform.PERSPECTIVE, back, _SMOOTH, fillcolor=(70, 60, 50))


def variants() -> list[tuple[bool, Wear]]:
    """Return ten ways to scan a red header: mark at the right?, wear."""
    wears = (
        Wear(dpi=300), Wear(dpi=300, skew=2.0), Wear(dpi=300, skew=-2.0, seal=True), Wear(dpi=200, seal=True, noise=8),
        Wear(dpi=200, skew=1.5, seal=True), Wear(dpi=200, skew=-2.0, quality=60), Wear(dpi=150, noise=6),
        Wear(dpi=150, skew=2.0, seal=True), Wear(dpi=150, skew=-1.0, seal=True, quality=70),
        Wear(dpi=150, blur=0.6, seal=True),
    )  # fmt: skip
    return [(bool(number % 2), wear) for number, wear in enumerate(wears)]


def rough_variants() -> list[tuple[bool, Wear]]:
    """Return ten scans and photographs as they come out of offices: mark at the right?, wear."""
    wears = (
        Wear(dpi=200, noise=18, ground=225, quality=50), Wear(dpi=200, shade=0.45, holes=True, skew=0.8, quality=60),
        Wear(dpi=200, fax=True, seal=True), Wear(dpi=150, blur=0.9, noise=10, ground=230, quality=55),
        Wear(dpi=150, holes=True, seal=True, skew=-1.2, quality=50), Wear(dpi=200, photo=0.05, shade=0.3, quality=70),
        Wear(dpi=150, photo=0.03, seal=True, noise=6, quality=60), Wear(dpi=200, fax=True, skew=1.5, noise=12),
        Wear(dpi=150, ground=205, shade=0.3, noise=12), Wear(dpi=150, fax=True),
    )  # fmt: skip
    return [(bool(number % 2), wear) for number, wear in enumerate(wears)]
