"""What stands around the text of a generated page: four layouts, as sites of one office have grown over the years.

A page of `size` bytes holds about a third of them as text one sees, menu and footer among it; the rest is tags, scripts
and styles. The proportions are those of 60 pages of real offices (26 to 35 KB, a third text in the median). Nothing in
it is a leak: the office's phone, its 备案号 and 网站标识码 only look like one.
"""

from __future__ import annotations

import itertools
import random
import re
import string
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

import generated_words as words

if TYPE_CHECKING:
    from collections.abc import Mapping

#: So much of a page is text.
SHARE: Final = 1 / 3
_MENU: Final = {
    "政务公开": ("政府信息公开指南", "政府信息公开制度", "法定主动公开内容", "政府信息公开年报", "依申请公开"),
    "政务服务": ("个人服务", "法人服务", "办事指南", "服务清单", "好差评", "阳光政务"),
    "互动交流": ("县长信箱", "意见征集", "在线访谈", "民意调查", "回应关切"),
    "走进青禾": ("县情概况", "历史沿革", "行政区划", "文化旅游", "图片青禾"),
    "数据发布": ("统计公报", "统计月报", "财政预决算", "开放数据"),
    "重点领域": ("义务教育", "社会救助", "养老服务", "食品药品监管", "环境保护", "公共资源配置", "住房保障"),
}
_FRIENDS: Final = ("省级部门网站", "市级部门网站", "县级部门网站", "乡镇街道网站", "新闻媒体", "其他链接")
_SHARED: Final = ("微信", "微博", "QQ空间", "复制链接")
_RELATED: Final = 8
_FOLDER: Final = Path(__file__).with_name("layouts")
_LAYOUTS: Final = ("0_boxes", "1_tables", "2_sections", "3_phone")
_TAG: Final = re.compile(rb"<script.*?</script>|<style.*?</style>|<!--.*?-->|<[^>]*>", re.DOTALL)
_PARAGRAPHS: Final = (
    '<p style="text-indent: 2em; line-height: 1.75em;"><span style="font-size: 16pt;">{}</span></p>',
    '<p class="MsoNormal" style="text-indent:32.0pt;mso-char-indent-count:2.0;line-height:28.8pt"><span>{}</span></p>',
    "<p>　　{}</p>",
    '<p style="text-align: justify;">{}</p>',
)


def shown(page: bytes) -> int:
    """Return how many bytes of a page are text between its tags, white space aside."""
    return sum(map(len, _TAG.sub(b" ", page).split()))


def layout_of(folder: str) -> int:
    """Return which layout the pages of a 栏目 have."""
    return sum(map(ord, folder)) % len(_LAYOUTS)


def paragraph(text: str, folder: str) -> str:
    """Return a paragraph as the editor of a layout writes it."""
    return _PARAGRAPHS[layout_of(folder)].format(text)


def around(folder: str) -> int:
    """Return how many bytes of text stand around the body of a page."""
    return _around(layout_of(folder))


@cache
def _around(number: int) -> int:
    said = dict.fromkeys(("title", "channel", "unit", "published", "body", "annexes", "root"), "")
    return shown(_filled(number, said, random.Random(0)).encode())  # noqa: S311


def page(said: Mapping[str, str], folder: str, seed: int, size: int) -> bytes:
    """Return a page of about `size` bytes; `said` has title, channel, unit, published, body, annexes and root."""
    number = layout_of(folder)
    made = _filled(number, said, random.Random(seed))  # noqa: S311  not cryptography
    head = _template("head").substitute(said)
    left = size - len(made.encode()) - len(head.encode())
    styles, scripts = _styles(number, left // 3), _scripts(number, left - left // 3)
    return f'<!DOCTYPE html>\n<html lang="zh-CN">\n<head>\n{head}{styles}</head>\n{made}{scripts}</html>\n'.encode()


def _filled(number: int, said: Mapping[str, str], rng: random.Random) -> str:
    """Return what a layout makes of a page, from <body> to </body>."""
    root = said["root"]
    related = _related(rng, root)
    options = "".join(f'<option value="{root}links/{n}">{label}</option>' for n, label in enumerate(_FRIENDS))
    shared = (f'<a href="javascript:;" class="s{n}" title="分享到{label}"></a>' for n, label in enumerate(_SHARED))
    return _template(_LAYOUTS[number]).substitute(
        said,
        menu=_menu(root, '<li class="nav-item">{}<ul>{}</ul></li>', "<li>{}</li>"),
        menu_rows=_menu(
            root, '<tr bgcolor="#e8f1fa"><td><b>{}</b></td>{}</tr>', '<td width="90" align="center">{}</td>'
        ),
        icons=_menu(root, "{}{}", '<div class="weui-grid"><img src="images/icon.png" class="weui-grid__icon">{}</div>'),
        related="".join(f'<li>{link}<span class="date">{day}</span></li>\n' for link, day in related),
        related_rows="".join(f'<tr><td height="24">·{link}</td><td>{day}</td></tr>\n' for link, day in related),
        friends=f'<select onchange="window.open(this.value)"><option>友情链接</option>{options}</select>',
        share="".join(shared),
        footer=_template("footer").substitute(root=root),
    )


@cache
def _template(name: str) -> string.Template:
    return string.Template((_FOLDER / f"{name}.html").read_text(encoding="utf-8"))


def _menu(root: str, group: str, item: str) -> str:
    """Return the menu of a site: headings and what stands below them."""

    def link(path: str, label: str) -> str:
        return f'<a href="{root}{path}/" target="_blank" title="{label}">{label}</a>'

    return "".join(
        group.format(
            link(f"c{at}", head), "".join(item.format(link(f"c{at}/{n}", text)) for n, text in enumerate(below))
        )
        for at, (head, below) in enumerate(_MENU.items())
    )


def _related(rng: random.Random, root: str) -> list[tuple[str, str]]:
    """Return links to other pages, each with its day."""
    found = []
    for _ in range(_RELATED):
        title = words.title(rng, rng.choice(words.UNITS), rng.choice(words.SUBJECTS))
        day = f"{rng.randrange(2013, 2027)}-{rng.randrange(1, 13):02}-{rng.randrange(1, 29):02}"
        at = f"{root}tzgg/{day[:7].replace('-', '')}/t{rng.randrange(10**7):08}.html"
        found.append((f'<a href="{at}" title="{title}" target="_blank">{title}</a>', day))
    return found


def _styles(layout: int, size: int) -> str:
    """Return rules of style of about `size` bytes."""
    return f'<style type="text/css">\n{_first(_rules(layout), size)}</style>\n'


def _scripts(layout: int, size: int) -> str:
    """Return scripts of about `size` bytes: the menu, zoom, counting of visits, a table of the site's columns."""
    fixed = (
        "function doZoom(size){document.getElementById('zoom').style.fontSize=size+'px'}\n"
        "$(function(){$('.nav li').hover(function(){$(this).find('ul').stop().slideDown(200)},function(){$(this).find("
        "'ul').stop().slideUp(200)});$('.share a').click(function(){share($(this).attr('class'),document.title)})});\n"
        "var _hmt=_hmt||[];(function(){var s=document.createElement('script');s.src='/js/count.js?v=20260101';"
        "document.body.appendChild(s)})();\n"
    )
    more = _first(_columns(layout), size - len(fixed))
    return f'<script type="text/javascript">\nvar columns=[];\n{fixed}{more}</script>\n'


def _first(lines: tuple[str, ...], size: int) -> str:
    """Return the first lines, over again if they are not enough, up to `size` characters."""
    count = max(0, size) * len(lines) // sum(map(len, lines))
    return "".join(itertools.islice(itertools.cycle(lines), count))


@cache
def _rules(layout: int) -> tuple[str, ...]:
    rng = random.Random(layout)  # noqa: S311
    parts = tuple(itertools.product(("box", "list", "news", "tab", "pic"), ("a", "li", "p", "h3")))
    how = "float:left;width:{}px;height:{}px;background:url(../images/bg{}.png) no-repeat"
    return tuple(
        f".l{layout}-{name}{number} {below} {{{how.format(*(rng.randrange(10, 990) for _ in range(3)))}}}\n"
        for number, (name, below) in enumerate(parts * 10)
    )


@cache
def _columns(layout: int) -> tuple[str, ...]:
    rng = random.Random(layout)  # noqa: S311
    return tuple(
        f'columns.push({{"id":{rng.randrange(10**6)},"pid":{rng.randrange(99)},"url":"/c{number}/"}});\n'
        for number in range(200)
    )
