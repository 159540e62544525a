"""Colours as style sheets write them: names, hexadecimal digits, rgb(), hsl()."""

from __future__ import annotations

import colorsys
import re
from typing import Final

WHITE: Final = "ffffff"
UNKNOWN: Final = "?"
#: Colours look the same if no component differs by more than this.
_NEAR: Final = 10
_HEX: Final = re.compile(r"#([0-9a-f]{3,8})(?![0-9a-f])")
_FUNCTION: Final = re.compile(r"(rgb|hsl)a?\(([^()]*)\)")
_WORD: Final = re.compile(r"(?<![\w#.-])[a-z]+(?![\w(-])")
_NUMBER: Final = re.compile(r"(\d*\.?\d+)(%|deg)?")
_NO_COLOUR: Final = frozenset({"", "transparent", "none", "inherit", "initial", "unset", "currentcolor"})
_LISTED: Final = (
    "aliceblue f0f8ff antiquewhite faebd7 aqua 00ffff aquamarine 7fffd4 azure f0ffff beige f5f5dc "
    "bisque ffe4c4 black 000000 blanchedalmond ffebcd blue 0000ff blueviolet 8a2be2 brown a52a2a "
    "burlywood deb887 cadetblue 5f9ea0 chartreuse 7fff00 chocolate d2691e coral ff7f50 cornflowerblue 6495ed "
    "cornsilk fff8dc crimson dc143c cyan 00ffff darkblue 00008b darkcyan 008b8b darkgoldenrod b8860b "
    "darkgray a9a9a9 darkgreen 006400 darkgrey a9a9a9 darkkhaki bdb76b darkmagenta 8b008b "
    "darkolivegreen 556b2f darkorange ff8c00 darkorchid 9932cc darkred 8b0000 darksalmon e9967a "
    "darkseagreen 8fbc8f darkslateblue 483d8b darkslategray 2f4f4f darkslategrey 2f4f4f darkturquoise 00ced1 "
    "darkviolet 9400d3 deeppink ff1493 deepskyblue 00bfff dimgray 696969 dimgrey 696969 dodgerblue 1e90ff "
    "firebrick b22222 floralwhite fffaf0 forestgreen 228b22 fuchsia ff00ff gainsboro dcdcdc ghostwhite f8f8ff "
    "gold ffd700 goldenrod daa520 gray 808080 green 008000 greenyellow adff2f grey 808080 honeydew f0fff0 "
    "hotpink ff69b4 indianred cd5c5c indigo 4b0082 ivory fffff0 khaki f0e68c lavender e6e6fa "
    "lavenderblush fff0f5 lawngreen 7cfc00 lemonchiffon fffacd lightblue add8e6 lightcoral f08080 "
    "lightcyan e0ffff lightgoldenrodyellow fafad2 lightgray d3d3d3 lightgreen 90ee90 lightgrey d3d3d3 "
    "lightpink ffb6c1 lightsalmon ffa07a lightseagreen 20b2aa lightskyblue 87cefa lightslategray 778899 "
    "lightslategrey 778899 lightsteelblue b0c4de lightyellow ffffe0 lime 00ff00 limegreen 32cd32 linen faf0e6 "
    "magenta ff00ff maroon 800000 mediumaquamarine 66cdaa mediumblue 0000cd mediumorchid ba55d3 "
    "mediumpurple 9370db mediumseagreen 3cb371 mediumslateblue 7b68ee mediumspringgreen 00fa9a "
    "mediumturquoise 48d1cc mediumvioletred c71585 midnightblue 191970 mintcream f5fffa mistyrose ffe4e1 "
    "moccasin ffe4b5 navajowhite ffdead navy 000080 oldlace fdf5e6 olive 808000 olivedrab 6b8e23 "
    "orange ffa500 orangered ff4500 orchid da70d6 palegoldenrod eee8aa palegreen 98fb98 paleturquoise afeeee "
    "palevioletred db7093 papayawhip ffefd5 peachpuff ffdab9 peru cd853f pink ffc0cb plum dda0dd "
    "powderblue b0e0e6 purple 800080 rebeccapurple 663399 red ff0000 rosybrown bc8f8f royalblue 4169e1 "
    "saddlebrown 8b4513 salmon fa8072 sandybrown f4a460 seagreen 2e8b57 seashell fff5ee sienna a0522d "
    "silver c0c0c0 skyblue 87ceeb slateblue 6a5acd slategray 708090 slategrey 708090 snow fffafa "
    "springgreen 00ff7f steelblue 4682b4 tan d2b48c teal 008080 thistle d8bfd8 tomato ff6347 turquoise 40e0d0 "
    "violet ee82ee wheat f5deb3 white ffffff whitesmoke f5f5f5 yellow ffff00 yellowgreen 9acd32 "
)
_NAMED: Final = dict(zip(_LISTED.split()[::2], _LISTED.split()[1::2], strict=True))


def colour_of(value: str) -> str:
    """Return a colour (lower case, no white space) as six digits; "?" if it is unknown, "" if it is no colour.

    >>> colour_of("#abc"), colour_of("rgb(100%,0,0)"), colour_of("hsl(120deg,100%,25%)"), colour_of("snow")
    ('aabbcc', 'ff0000', '008000', 'fffafa')
    >>> colour_of("inherit"), colour_of("url(a.png)"), colour_of("#fff0")
    ('', '?', '')
    """
    if value in _NO_COLOUR:
        return ""
    if "url(" in value or "gradient(" in value:
        return UNKNOWN
    if found := _HEX.search(value):
        return _of_digits(found[1])
    if found := _FUNCTION.search(value):
        return _of_function(found[1], found[2])
    return next((_NAMED[word] for word in _WORD.findall(value) if word in _NAMED), UNKNOWN)


def look_alike(colour: str, ground: str) -> bool:
    """Return whether text of one colour is invisible on a background of the other.

    >>> look_alike("ffffff", "fefefe"), look_alike("ffffff", "dddddd"), look_alike("?", "?")
    (True, False, False)
    """
    if UNKNOWN in {colour, ground}:
        return False
    return all(abs(int(colour[at : at + 2], 16) - int(ground[at : at + 2], 16)) <= _NEAR for at in (0, 2, 4))


def _of_digits(digits: str) -> str:
    if len(digits) in {3, 4}:
        digits = "".join(2 * digit for digit in digits)
    if digits[6:] == "00":  # nothing of it is seen
        return ""
    return digits[:6] if len(digits) in {6, 8} else UNKNOWN


def _of_function(kind: str, arguments: str) -> str:
    numbers = _NUMBER.findall(arguments)
    if len(numbers) < 3:
        return UNKNOWN
    if kind == "hsl":
        hue, saturation, lightness = (float(number) for number, _ in numbers[:3])
        parts = [255 * part for part in colorsys.hls_to_rgb(hue / 360 % 1, lightness / 100, saturation / 100)]
    else:
        parts = [float(number) * (2.55 if unit == "%" else 1) for number, unit in numbers[:3]]
    return "".join(f"{min(round(part), 255):02x}" for part in parts)
