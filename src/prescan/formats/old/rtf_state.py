"""The state of a group in an RTF file."""

from __future__ import annotations

from dataclasses import dataclass

from prescan.formats.old.rtf_formats import PLAIN, TextFormat


@dataclass(frozen=True, slots=True)
class State:
    """The state inside a group."""

    part: str = "body"
    silent: bool = False
    unseen: str = ""
    codec: str = "gb18030"
    skip: int = 1
    """Number of fallback characters after a `\\u`."""
    info: str = ""
    packed: bool = False
    """Inside the data of an embedded object."""
    drawn: bool = False
    """Inside the data of a picture."""
    mute: bool = False
    """Inside tables of the program, whose content is never for people."""
    looks: TextFormat = PLAIN
