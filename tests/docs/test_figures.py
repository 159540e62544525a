"""The tables of the READMEs are made of what stands in docs/figures.md."""

from __future__ import annotations

import sys

import pytest
from pages import ROOT, text_of

sys.path.insert(0, str(ROOT / "tools"))

import figures
import marked


@pytest.mark.parametrize("readme", figures.READMES)
def test_the_figures_of_a_readme_are_those_of_the_page(readme):
    said = figures.table(text_of("docs/figures.md"), figures.READMES[readme])
    assert marked.held(text_of(readme), "figures") == said, "run: python tools/figures.py readme"


def test_what_was_printed_otherwise_is_no_figure():
    page = text_of("docs/figures.md").replace("合计", "总计")
    with pytest.raises(ValueError, match="no line"):
        figures.table(page, 0)
