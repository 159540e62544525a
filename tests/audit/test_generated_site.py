"""The generated site is like a real one: a third text, several layouts, nothing around the text that counts."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING

import prescan
from prescan.types import Settings

if TYPE_CHECKING:
    from types import ModuleType


def test_a_page_has_the_size_asked_for_and_a_third_of_it_is_text(generated: ModuleType) -> None:
    for size in (20_000, 35_000):
        for page in generated.pages(60, 6, size=size):
            made = generated.as_html(page)
            assert abs(len(made) - size) < size * 0.02
            assert abs(generated.layouts.shown(made) - size / 3) < size * 0.08
            for tag in ("ColumnName", "PubDate", "ContentSource"):
                assert f'<meta name="{tag}"'.encode() in made


def test_the_layouts_differ_and_every_page_names_the_office(generated: ModuleType) -> None:
    bodies = {}
    for page in generated.pages(60, 0, size=20_000):
        made = generated.as_html(page).decode()
        assert "备案号" in made or "ICP备" in made
        assert "0999-8866001" in made
        bodies.setdefault(re.search(r"<body[^>]*>\s*\S+", made)[0], page)
    assert len(bodies) >= 4


def test_sentences_are_many_and_hardly_repeat(generated: ModuleType) -> None:
    text = re.sub(r"<[^>]*>", "\n", "".join(page.body for page in generated.pages(40, 0, size=20_000)))
    said = [sentence for sentence in re.findall(r"[^。\n]{12,}。", text) if re.search("[0-9]", sentence)]
    assert len(set(said)) > 0.8 * len(said)
    assert len({re.sub("[0-9]+", "", sentence)[:8] for sentence in said}) >= 40


def test_nothing_around_the_text_is_a_leak(generated: ModuleType) -> None:
    scanner = prescan.Scanner(Settings(stage="published", names="off"))
    pages = [page for page in itertools.islice(generated.pages(400, 40), 400) if page.planted]
    for page in [*pages, *itertools.islice(generated.pages(12, 0, seed=2), 12)]:
        result = scanner.scan_bytes(generated.as_html(page), name="a.html", context=prescan.Context(stage="published"))
        assert sorted({one.type for one in result.findings if one.level == "block"}) == page.planted
        spoken = {one.type for one in result.findings if one.level == "review"}
        assert not spoken & {"landline_phone", "address", "bank_account", "mobile_phone", "student_id"}
    scanner.close()
