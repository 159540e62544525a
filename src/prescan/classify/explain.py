"""Explains features in Chinese for reviewers, and gives the grounds of cues.

The only words of the document in an explanation are words of the model's vocabulary.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from prescan.classify.cues import CUES, GROUNDS, Ground
from prescan.classify.form import describe
from prescan.resources import finding_types
from prescan.types import ATTRIBUTE_LABELS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_CUES: Final = {cue.name: cue for cue in CUES}


def explain(feature: str) -> str:
    """Return the meaning of `feature` in Chinese.

    >>> explain("cue=plea"), explain("ground=process")
    ('文末请求上级批准或批示', '过程性信息：请示、磋商、讨论')
    >>> explain("lean=title.proactive"), explain("pair=现+公告")
    ('标题用语多见于主动公开文件', '用语“现公告”')
    """
    family, _, name = feature.partition("=")
    return _EXPLAINERS[family](name)


def ground(feature: str) -> Ground | None:
    """Return the ground that a feature indicates, or None if it is no cue or ground.

    >>> ground("cue=plea").clause
    '条例 第十六条第二款'
    """
    family, _, name = feature.partition("=")
    if family == "cue":
        return GROUNDS[_CUES[name].group]
    return GROUNDS[name] if family == "ground" else None


def _lean(name: str) -> str:
    place, _, attribute = name.partition(".")
    return f"{'标题' if place == 'title' else '行文'}用语多见于{ATTRIBUTE_LABELS[attribute]}文件"


_EXPLAINERS: Final[Mapping[str, Callable[[str], str]]] = {
    "cue": lambda name: _CUES[name].meaning,
    "ground": lambda name: GROUNDS[name].meaning,
    "lean": _lean,
    "form": describe,
    "finding": lambda name: f"检测到{finding_types()[name].label}",
    "title": lambda name: f"标题用词“{name}”",
    "word": lambda name: f"用语“{name}”",
    "pair": lambda name: f"用语“{name.replace('+', '')}”",
}
