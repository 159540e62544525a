"""What models find of an author left out is counted by family, with what is told of harmless passages."""

from prescan.detect import Compiled
from prescan.quality.left_out import authors, count
from prescan.quality.secrecy import Passage
from prescan.quality.thresholds import CHOSEN
from prescan.resources import resource_dir
from prescan.rules import load_rules

MADE = [
    Passage("1", "dev", "find", "mark", "block", "公文", "机密★10年\n某某市文件\n关于防护的通知"),
    Passage("2", "dev", "quiet", "quiet", None, "新闻", "今天下午天气很好，大家去公园散步。"),
]


def test_marks_and_harmless_passages_are_counted():
    figures = count(MADE, Compiled(load_rules()), CHOSEN)
    assert (figures["mark"], figures["of mark"], figures["block"], figures["of block"]) == (1, 1, 1, 1)
    assert (figures["false"], figures["of false"], figures["false block"]) == (0, 1, 0)


def test_every_author_has_texts():
    held = dict(authors(resource_dir("rules").parent))
    assert {"dev-19", "s", "everyday-3"} <= held.keys()
    assert all(held.values())
