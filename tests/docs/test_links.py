"""Links and pictures of the documents lead somewhere; paths and tests they name are there; pictures are small."""

from __future__ import annotations

import re

import pytest
from pages import ROOT, pages, text_of

#: What the README may weigh in a browser.
PICTURE_AT_MOST = 300_000
_LINK = re.compile(r"!?\[(?:[^\]\[]|\[[^\]]*\])*\]\(([^)\s]+)\)")
_CODE = re.compile(r"```.*?```", re.DOTALL)


def anchors(text: str) -> set[str]:
    """Return the anchors of a page's headings, as GitHub and the site make them."""
    found = set()
    for heading in re.findall(r"(?m)^#+ (.+)$", _CODE.sub("", text)):
        words = re.sub(r"[^\w\s-]", "", re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading)).strip().lower()
        found.add(re.sub(r"\s", "-", words))
    return found


@pytest.mark.parametrize("page", pages())
def test_links_lead_to_files_and_headings(page):
    text = _CODE.sub("", text_of(page))
    for link in _LINK.findall(text):
        if link.startswith(("http://", "https://")):
            continue
        path, _, anchor = link.partition("#")
        target = (ROOT / page).parent / path if path else ROOT / page
        assert target.exists(), f"{page}: {link}"
        if anchor:
            assert anchor in anchors(target.read_text(encoding="utf-8")), f"{page}: {link}"


@pytest.mark.parametrize("page", pages())
def test_paths_in_the_text_exist(page):
    if page == "CHANGELOG.md":
        return  # speaks of what was
    named = re.findall(
        r"`((?:src|tests|docs|rules|models|examples|packaging|tools|benchmarks)/[\w./\u4e00-\u9fff-]+)`", text_of(page)
    )
    missing = [path for path in named if not (ROOT / path).exists()]
    assert missing == []


def test_pictures_are_small_and_used():
    shown = "".join(text_of(page) for page in pages())
    pictures = list((ROOT / "docs" / "pictures").iterdir())
    assert pictures
    for picture in pictures:
        assert picture.stat().st_size < PICTURE_AT_MOST, picture.name
        assert picture.name in shown, f"{picture.name} is shown nowhere"
