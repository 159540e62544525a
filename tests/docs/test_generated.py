"""What programs write into the documents is what they would write now, and what people write agrees with the code."""

from __future__ import annotations

import re
import sys
import tomllib
from dataclasses import fields

import pytest
from pages import ROOT, text_of

sys.path.insert(0, str(ROOT / "tools"))

import generate
import marked
import sbom

from prescan.audit.sources import KINDS
from prescan.formats import FORMATS, extensions
from prescan.resources import finding_types
from prescan.types import Limits, Settings


@pytest.mark.parametrize("place", ["docs/reference/cli.md", "docs/reference/api.md", "docs/reference/settings.md"])
def test_a_generated_page_is_current(place):
    assert text_of(place) == generate.pages()[place], "run: make docs"


@pytest.mark.parametrize("place", [place for place in generate.pages() if "#" in place])
def test_a_generated_table_is_current(place):
    page, _, marker = place.partition("#")
    assert marked.held(text_of(page), marker) == generate.pages()[place], "run: make docs"


def test_every_setting_limit_and_category_is_described():
    assert set(generate.SETTINGS) == {item.name for item in fields(Settings)} - {"limits"}
    assert set(generate.LIMITS) == {item.name for item in fields(Limits)}
    assert set(generate.CATEGORIES) == {kind.category for kind in finding_types().values()}


def test_the_site_has_every_page_of_docs():
    nav = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    held = {str(path.relative_to(ROOT / "docs")) for path in (ROOT / "docs").rglob("*.md")}
    missing = {page for page in held if page not in nav and not re.match(r"decisions/\d", page)}
    assert missing == set()


#: What the READMEs call formats beside their endings.
ALSO_CALLED = {"uof": "flat", "图片": "image", "pictures": "image"}


@pytest.mark.parametrize(("readme", "start"), [("README.md", "It reads docx"), ("README.zh-CN.md", "能读 docx")])
def test_a_readme_names_every_format_and_no_other(readme, start):
    text = text_of(readme)
    listed, _, further = text[text.index(start) :].partition("7z")
    listed, further = listed + "7z", further[: further.index("```")]
    endings = {**extensions._KEY_BY_EXTENSION, **ALSO_CALLED}
    named = re.findall(r"[a-z0-9]+", listed.lower().removeprefix("it reads"))
    assert [word for word in named if word not in endings] == []
    also = [word for word in re.findall(r"[a-z]+|图片", further.lower()) if word in endings]
    assert set(FORMATS) - {endings[word] for word in named + also} == set()


def test_every_ending_of_a_source_is_named():
    text = text_of("docs/audit.md")
    words = set(re.findall(r"[a-z0-9]+", text[text.index("## 来源") : text.index("可以同时给几个来源")].lower()))
    endings = {part for kind in KINDS.values() for suffix in kind.suffixes for part in suffix.split(".") if part}
    assert endings - words == set()


def test_the_page_of_licences_names_every_requirement():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    asked = [*project["dependencies"], *(line for name in sbom.EXTRAS for line in extras[name])]
    names = {re.match(r"[\w.-]+", line)[0].lower().replace("_", "-") for line in asked} - {"tzdata", "prescan"}
    listed = {row.lower().replace("_", "-") for row in re.findall(r"(?m)^\| ([\w.-]+) \|", text_of("docs/licences.md"))}
    assert names <= listed, f"run: make sbom ({names - listed})"


def test_markers_that_are_missing_or_doubled_are_an_error():
    with pytest.raises(ValueError, match="0 times"):
        marked.replaced("a page", "finds", "x")
    page = "<!-- a -->\nold\n<!-- /a -->\n"
    assert marked.replaced(page, "a", "new") == "<!-- a -->\nnew\n<!-- /a -->\n"
    with pytest.raises(ValueError, match="2 times"):
        marked.held(page * 2, "a")
