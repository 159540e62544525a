"""Why text on a page is not seen: the finding type, and what it is under or in, in a reviewer's words."""

from __future__ import annotations

from typing import Final, NamedTuple


class Mark(NamedTuple):
    """A reason for a character not to be seen."""

    hidden: str
    words: str


UNDER_DARK: Final = Mark("fake_redaction", "黑框下的文字")
UNDER_WHITE: Final = Mark("fake_redaction", "白框下的文字")
UNDER_COLOUR: Final = Mark("fake_redaction", "色块下的文字")
UNDER_IMAGE: Final = Mark("fake_redaction", "图片下的文字")
UNDER_REDACT: Final = Mark("fake_redaction", "涂黑标记下的文字（标记尚未生效）")
ON_DARK: Final = Mark("fake_redaction", "黑底上的黑字")
ON_SAME: Final = Mark("hidden_text", "与底色相同的文字")
UNDER_TEXT: Final = Mark("hidden_text", "另一处文字下的文字")
NOT_DRAWN: Final = Mark("hidden_text", "不显示的文字")
TRANSPARENT: Final = Mark("hidden_text", "透明的文字")
TINY: Final = Mark("hidden_text", "极小的文字")
CUT_OFF: Final = Mark("hidden_text", "被裁去、看不到的文字")
MASKED: Final = Mark("hidden_text", "因蒙版不显示的文字")
LAYER_OFF: Final = Mark("hidden_layer", "已关闭图层中的文字")
