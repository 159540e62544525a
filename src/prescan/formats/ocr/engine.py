"""RapidOCR with the models in its wheel, on one processor. Loaded only in a process of its own."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

from prescan.errors import ReadError
from prescan.formats.ocr.lines import RecognisedLine

if TYPE_CHECKING:
    from prescan.formats.ocr.lines import Corners, Recogniser

#: Pictures are reduced to this size to find lines; the lines are read at full resolution.
_LOOKED_FOR_AT: Final = 1_440
_SIDE_AT_MOST: Final = 4_000
_SURE_AT_LEAST: Final = 0.5
_MODELS: Final = 2
_NO_MODEL: Final = "文字识别组件不完整（缺少模型文件），请重新安装：pip install --force-reinstall 'prescan[ocr]'"


def load() -> Recogniser:
    """Return the recogniser. Raises ReadError("external_tool") without its models: nothing is ever downloaded."""
    socket.socket.connect = _refuse  # type: ignore[method-assign]  # in this process nothing connects anywhere
    import rapidocr  # noqa: PLC0415

    if len(list(Path(rapidocr.__file__).parent.glob("models/*.onnx"))) < _MODELS:
        raise ReadError("external_tool", _NO_MODEL)
    threads = "EngineConfig.onnxruntime"
    engine: Any = rapidocr.RapidOCR(
        params={
            "Global.use_cls": False,
            "Global.log_level": "critical",
            "Global.max_side_len": _SIDE_AT_MOST,
            "Global.text_score": _SURE_AT_LEAST,
            "Det.limit_type": "max",
            "Det.limit_side_len": _LOOKED_FOR_AT,
            f"{threads}.intra_op_num_threads": 1,
            f"{threads}.inter_op_num_threads": 1,
        }
    )

    def recognise(shown: Any) -> list[RecognisedLine]:  # noqa: ANN401  an array of pixels
        found = engine(shown[:, :, ::-1])
        if found.boxes is None or not found.txts:
            return []
        return [
            RecognisedLine(text, float(score), cast("Corners", tuple((float(x), float(y)) for x, y in corners)))
            for corners, text, score in zip(found.boxes, found.txts, found.scores, strict=True)
            if text.strip()
        ]

    return recognise


def _refuse(*_: object) -> None:
    raise OSError(_NO_MODEL)
