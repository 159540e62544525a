"""Removing elements and attributes from the trees of office packages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from lxml import etree

from prescan.formats.package import LOCAL_NAME

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

#: Prefixes of the namespaces that office programs read as part of a page.
_OFFICE_NAMESPACES: Final = (
    "http://schemas.openxmlformats.org/",
    "http://schemas.microsoft.com/office/",
    "http://purl.oclc.org/ooxml/",
    "urn:schemas-microsoft-com:",
    "http://www.w3.org/XML/1998/namespace",
)


def remove(element: etree._Element) -> None:
    """Remove an element, but keep the text after it (its tail)."""
    parent = element.getparent()
    if parent is None:
        return
    if element.tail and element.tail.strip():
        before = element.getprevious()
        if before is None:
            parent.text = (parent.text or "") + element.tail
        else:
            before.tail = (before.tail or "") + element.tail
    parent.remove(element)


def unwrap(element: etree._Element, holder: etree._Element | None = None) -> None:
    """Replace an element by the children of `holder`, by default by its own."""
    parent = element.getparent()
    if parent is None:
        return
    at = parent.index(element)
    for offset, inner in enumerate(list(element if holder is None else holder)):
        parent.insert(at + offset, inner)
    parent.remove(element)


def remove_elements(root: etree._Element, names: Iterable[str]) -> int:
    """Remove all elements called one of `names`; return how many there were."""
    wanted = frozenset(names)
    found = [element for element in root.iter(etree.Element) if LOCAL_NAME[element.tag] in wanted]
    for element in found:
        remove(element)
    return len(found)


def remove_attributes(element: etree._Element, *names: str) -> None:
    """Remove the attributes called one of `names`, in any namespace."""
    for key in [key for key in element.attrib if LOCAL_NAME[key] in names]:
        del element.attrib[key]


def remove_attributes_if(root: etree._Element, unwanted: Callable[[str, str], bool]) -> None:
    """Remove attributes for which `unwanted(element name, attribute name)` holds."""
    for element in root.iter(etree.Element):
        name = LOCAL_NAME[element.tag]
        for key in list(element.attrib):
            if unwanted(name, LOCAL_NAME[key]):
                del element.attrib[key]


def remove_foreign(root: etree._Element) -> None:
    """Remove elements and attributes in namespaces that no office program reads as part of a page."""
    for element in list(root.iter(etree.Element)):
        namespace = str(element.tag).partition("}")[0][1:]
        if not namespace.startswith(_OFFICE_NAMESPACES):
            remove(element)
            continue
        for key in list(element.attrib):
            prefix, brace, _ = str(key).partition("}")
            if brace and not prefix[1:].startswith(_OFFICE_NAMESPACES):
                del element.attrib[key]
