"""Feature names in a reviewer's words: what a contribution rests on. Never the text of the document beyond one word
of the model's own vocabulary."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from prescan.classify.cues import CUES, GROUNDS
from prescan.classify.features import family
from prescan.classify.form import describe
from prescan.resources import finding_types
from prescan.types import ATTRIBUTE_LABELS

if TYPE_CHECKING:
    from prescan.types import Attribute

_CUES: Final = {cue.name: cue for cue in CUES}
_PLACES: Final = {"title": "标题用语", "text": "行文用语"}


def explain(feature: str) -> str:
    """Return what `feature` means, in Chinese.

    >>> explain("cue=plea"), explain("ground=process")
    ('文末请求上级批准或批示', '过程性信息：请示、磋商、讨论')
    >>> explain("lean=title.proactive"), explain("pair=现+公告")
    ('标题用语多见于主动公开文件', '用语“现公告”')
    """
    name = feature.partition("=")[2]
    match family(feature):
        case "cue":
            return _CUES[name].says
        case "ground":
            return GROUNDS[name].says
        case "lean":
            place, _, attribute = name.partition(".")
            return f"{_PLACES[place]}多见于{ATTRIBUTE_LABELS[attribute]}文件"
        case "form":
            return describe(name)
        case "finding":
            return f"检测到{finding_types()[name].label}"
        case "title":
            return f"标题用词“{name}”"
        case _:
            return f"用语“{name.replace('+', '')}”"


def ground(feature: str) -> str | None:
    """Return the ground (a key of GROUNDS) a cue or ground stands for; other features have none."""
    name = feature.partition("=")[2]
    match family(feature):
        case "cue":
            return _CUES[name].group
        case "ground":
            return name
        case _:
            return None


def leans(feature: str) -> Attribute | None:
    """Return the attribute a cue or ground is a sign of by the law's terms, whatever the weights say."""
    group = ground(feature)
    return GROUNDS[group].leans if group else None
