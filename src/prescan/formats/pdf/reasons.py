"""Reasons why text on a page cannot be seen: finding type, and where it is in a reviewer's words."""

from __future__ import annotations

from typing import Final, NamedTuple


class Reason(NamedTuple):
    """A reason why a character cannot be seen."""

    hidden: str
    words: str


UNDER_DARK: Final = Reason("fake_redaction", "黑框下的文字")
UNDER_WHITE: Final = Reason("fake_redaction", "白框下的文字")
UNDER_COLOUR: Final = Reason("fake_redaction", "色块下的文字")
UNDER_IMAGE: Final = Reason("fake_redaction", "图片下的文字")
UNDER_REDACT: Final = Reason("fake_redaction", "涂黑标记下的文字（标记尚未生效）")
BLACK_ON_BLACK: Final = Reason("fake_redaction", "黑底上的黑字")
SAME_AS_BACKGROUND: Final = Reason("hidden_text", "与底色相同的文字")
UNDER_TEXT: Final = Reason("hidden_text", "另一处文字下的文字")
NOT_DRAWN: Final = Reason("hidden_text", "不显示的文字")
TRANSPARENT: Final = Reason("hidden_text", "透明的文字")
TINY: Final = Reason("hidden_text", "极小的文字")
CUT_OFF: Final = Reason("hidden_text", "被裁去、看不到的文字")
MASKED: Final = Reason("hidden_text", "因蒙版不显示的文字")
LAYER_OFF: Final = Reason("hidden_layer", "已关闭图层中的文字")
