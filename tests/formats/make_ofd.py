"""Makes OFD files as GB/T 33190-2016 describes them, with text planted in every place a reader must look."""

from __future__ import annotations

import io
import zipfile

NS = 'xmlns:ofd="http://www.ofdspec.org/2016"'


def text(words, x, y, size=4.0, **attributes):
    """Return a text object; `colour` is a FillColor value, everything else an attribute of the object."""
    colour = attributes.pop("colour", None)
    steps = " ".join(str(size if ord(char) > 0x7E else size / 2) for char in words[1:])
    given = "".join(f' {name}="{value}"' for name, value in attributes.items())
    fill = f'<ofd:FillColor Value="{colour}"/>' if colour else ""
    delta = f' DeltaX="{steps}"' if steps else ""
    return (
        f'<ofd:TextObject ID="9" Boundary="{x} {y} 180 {size * 2}" Font="1" Size="{size}"{given}>{fill}'
        f'<ofd:TextCode X="0" Y="{size}"{delta}>{words}</ofd:TextCode></ofd:TextObject>'
    )


def line(x, y, width, height):
    """Return a drawn straight line."""
    drawn = f"<ofd:AbbreviatedData>M 0 0 L {width} {height}</ofd:AbbreviatedData>"
    return f'<ofd:PathObject ID="8" Boundary="{x} {y} {width} {height}">{drawn}</ofd:PathObject>'


def box(x, y, width, height, colour="0 0 0"):
    """Return a filled rectangle."""
    data = f"M 0 0 L {width} 0 L {width} {height} L 0 {height} C"
    return (
        f'<ofd:PathObject ID="7" Boundary="{x} {y} {width} {height}" Fill="true" Stroke="false">'
        f'<ofd:FillColor Value="{colour}"/><ofd:AbbreviatedData>{data}</ofd:AbbreviatedData></ofd:PathObject>'
    )


def table(x, y, widths, rows, height=8):
    """Return a ruled table of texts."""
    total, tall = sum(widths), height * len(rows)
    drawn = [line(x, y + height * at, total, 0) for at in range(len(rows) + 1)]
    drawn += [line(x + sum(widths[:at]), y, 0, tall) for at in range(len(widths) + 1)]
    for down, row in enumerate(rows):
        for across, words in enumerate(row):
            drawn.append(text(words, x + sum(widths[:across]) + 1, y + height * down + 1, 3.5))
    return "".join(drawn)


def page(*objects, template=""):
    """Return the content of a page."""
    used = f'<ofd:Template TemplateID="{template}" ZOrder="Background"/>' if template else ""
    return (
        f"<ofd:Page {NS}><ofd:Area><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:Area>{used}"
        f'<ofd:Content><ofd:Layer ID="2" Type="Body">{"".join(objects)}</ofd:Layer></ofd:Content></ofd:Page>'
    )


def ofd(pages, *, info="", document="", extra=None, common=""):
    """Return a file of pages; `extra` are further parts by name."""
    listed = "".join(f'<ofd:Page ID="{n}" BaseLoc="Pages/Page_{n}/Content.xml"/>' for n in range(len(pages)))
    parts = {
        "OFD.xml": f'<?xml version="1.0" encoding="UTF-8"?><ofd:OFD {NS} Version="1.0" DocType="OFD"><ofd:DocBody>'
        f"<ofd:DocInfo><ofd:DocID>0</ofd:DocID>{info}</ofd:DocInfo><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot>"
        "</ofd:DocBody></ofd:OFD>",
        "Doc_0/Document.xml": f"<ofd:Document {NS}><ofd:CommonData><ofd:MaxUnitID>99</ofd:MaxUnitID><ofd:PageArea>"
        f"<ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea>{common}</ofd:CommonData>"
        f"<ofd:Pages>{listed}</ofd:Pages>{document}</ofd:Document>",
        **{f"Doc_0/Pages/Page_{n}/Content.xml": content for n, content in enumerate(pages)},
        **(extra or {}),
    }
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return stream.getvalue()
