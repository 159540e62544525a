"""Writing office packages (docx, xlsx, pptx): trees to XML, parts to a zip without dates."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, Final

from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Mapping

    from prescan.formats.package import Package

_CONTENT_TYPES: Final = "[Content_Types].xml"
#: The oldest date a zip can hold: a copy does not reveal when it was made.
_NO_DATE: Final = (1980, 1, 1, 0, 0, 0)


def replace_parts(package: Package, changed: Mapping[str, bytes | None]) -> bytes:
    """Return the package with `changed` parts: new bytes by name, None to leave a part out, new names to add one."""
    lowered = {name.lower(): content for name, content in changed.items()}
    parts: dict[str, bytes] = {}
    for name in package.names:
        content = lowered.pop(name.lower()) if name.lower() in lowered else package.bytes_of(name)
        if content is not None:
            parts[name] = content
    parts.update(
        {name: content for name, content in changed.items() if content is not None and name.lower() in lowered}
    )
    return make_zip({name: parts[name] for name in sorted(parts, key=lambda name: name != _CONTENT_TYPES)})


def without_dates(data: bytes) -> bytes:
    """Return a package that we wrote ourselves, with the dates of its parts removed."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return make_zip({name: archive.read(name) for name in archive.namelist()})


def make_zip(parts: Mapping[str, bytes]) -> bytes:
    """Return a zip of the parts in their order: the same parts always give the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name, _NO_DATE), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def serialise(root: etree._Element) -> bytes:
    """Return the bytes of a part."""
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
