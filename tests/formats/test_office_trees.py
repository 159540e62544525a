"""What redacted copies take out of the trees of office packages."""

from __future__ import annotations

from lxml import etree

from prescan.formats.office_trees import (
    remove,
    remove_attributes,
    remove_attributes_if,
    remove_elements,
    remove_foreign,
    unwrap,
)

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def tree(inside: str) -> etree._Element:
    return etree.fromstring(f'<w:body xmlns:w="{W}" xmlns:x="urn:of-somebody">{inside}</w:body>')


def written(root: etree._Element) -> str:
    return etree.tostring(root, encoding="unicode").partition(">")[2].removesuffix("</w:body>")


def test_what_no_office_program_reads_goes() -> None:
    root = tree('<w:p w:id="1" x:note="a" plain="b"><x:secret>c</x:secret><w:t>d</w:t></w:p>')
    remove_foreign(root)
    assert written(root) == '<w:p w:id="1" plain="b"><w:t>d</w:t></w:p>'


def test_the_text_behind_an_element_stays() -> None:
    root = tree("<w:p>a<w:x>b</w:x>c<w:x/>d</w:p>")
    assert remove_elements(root, ["x"]) == 2
    assert written(root) == "<w:p>acd</w:p>"
    remove(root)  # has no parent: nothing happens
    assert written(root) == "<w:p>acd</w:p>"


def test_what_is_inside_takes_the_place() -> None:
    root = tree("<w:sdt><w:pr/><w:content><w:p/><w:t/></w:content></w:sdt><w:r/>")
    unwrap(root[0], root[0][1])
    assert written(root) == "<w:p/><w:t/><w:r/>"


def test_attributes_go_by_name_or_by_what_bears_them() -> None:
    root = tree('<w:a w:id="1" id="2" w:n="3"/><w:b w:id="4"/>')
    remove_attributes(root[0], "id")
    remove_attributes_if(root, lambda element, name: (element, name) == ("b", "id"))
    assert written(root) == '<w:a w:n="3"/><w:b/>'
