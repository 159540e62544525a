"""Declared attributes: what is counted, and the shares on held-out documents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prescan.quality import attribute
from prescan.quality.corpus import read_corpus
from prescan.quality.declared import Declared, declare
from prescan.resources import resource_dir

if TYPE_CHECKING:
    import prescan


def test_shares() -> None:
    """Without a declaration of a kind its share is whole: there was nothing to miss."""
    assert Declared().summary() == {"wrong declared told": 1.0, "right declared quiet": 1.0}
    counts = Declared(wrong=8, reported=6, right=4, disputed=1)
    assert counts.summary() == {"wrong declared told": 0.75, "right declared quiet": 0.75}
    assert "声明错的 8 次，指出 6 次" in str(counts)


def test_every_attribute_is_declared_for_every_document(scanner: prescan.Scanner) -> None:
    """One declaration is right, the others wrong, unless a second label can be defended; abstaining counts apart."""
    documents = read_corpus(resource_dir("models") / "attribute" / "corpus", attribute.HELD_OUT)[:8]
    counts = declare(documents, scanner)
    defended = sum(document.also is not None for document in documents)
    assert 3 * len(documents) - defended <= counts.wrong + counts.right + counts.abstained <= 3 * len(documents)
    assert counts.reported > counts.disputed
