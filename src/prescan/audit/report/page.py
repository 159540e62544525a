"""The frame of every page (style and a small script that sorts and filters) and HTML fragments; all text is escaped.

By its content security policy a page runs only its own script and loads nothing.
"""

from __future__ import annotations

import base64
import hashlib
import html
from typing import TYPE_CHECKING, Final

from prescan.types import LEVEL_LABELS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_STYLE: Final = """
:root{--ink:#1f2933;--soft:#52606d;--line:#cbd2d9;--block:#b42318;--review:#9a6700;--note:#3d5a80;--fill:#f5f7fa}
*{box-sizing:border-box}
body{margin:0 auto;padding:24px 32px 64px;max-width:1280px;color:var(--ink);background:#fff;
font:15px/1.6 "Microsoft YaHei","PingFang SC","Noto Sans CJK SC","WenQuanYi Micro Hei",sans-serif}
h1{font-size:24px;margin:0 0 4px}h2{font-size:18px;margin:36px 0 8px;padding-top:8px;border-top:2px solid var(--ink)}
p{margin:6px 0}.soft,caption,footer{color:var(--soft)}a{color:#0b4f8a}
.figures{display:flex;flex-wrap:wrap;gap:12px;margin:16px 0;padding:0;list-style:none}
.figures li{flex:1 1 130px;padding:10px 14px;border:1px solid var(--line);border-radius:6px}
.figures b{display:block;font-size:26px;line-height:1.3}
.figures .block{border-color:var(--block)}.figures .block b,.level-block{color:var(--block)}
.figures .review b,.level-review{color:var(--review)}.level-note{color:var(--note)}
[class^=level-]{font-weight:600;white-space:nowrap}
.wide{overflow-x:auto}
table{border-collapse:collapse;width:100%;margin:8px 0 4px;font-size:14px}
th,td{border:1px solid var(--line);padding:5px 8px;text-align:left;vertical-align:top;overflow-wrap:anywhere}
th{background:var(--fill);font-weight:600;white-space:nowrap}
th button{all:unset;cursor:pointer}th button:focus-visible{outline:2px solid #0b4f8a}
th[aria-sort=ascending] button::after{content:" ▲"}th[aria-sort=descending] button::after{content:" ▼"}
td.number,th.number{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
td.short{white-space:nowrap}
[class^=heat]{display:block;margin:-5px -8px;padding:5px 8px;print-color-adjust:exact;-webkit-print-color-adjust:exact}
.heat1{background:#fff4e5}.heat2{background:#ffe3bf}.heat3{background:#ffc98a}
.heat4{background:#ffad5c}.heat5{background:#f28b30}
.filter{margin:10px 0 2px;padding:6px 10px;width:min(360px,100%);font:inherit;
border:1px solid var(--line);border-radius:6px}
.doubts td:nth-child(2){min-width:260px}.doubts td:nth-child(5),.doubts td:nth-child(9){white-space:nowrap}
.doubts td:nth-child(8){min-width:180px}
.small{font-size:13px}.id{color:var(--soft);font-size:12px}
svg{max-width:100%;height:auto}figure{margin:8px 0}
nav a{margin-right:14px}
.pages a,.pages b{display:inline-block;min-width:28px;padding:2px 6px;text-align:center}
@media screen and (max-width:700px){body{padding:16px 14px 48px}.figures li{flex-basis:40%}
td:first-child{min-width:7em}
.doubts,.doubts tbody,.doubts tr,.doubts td{display:block}.doubts thead,.doubts tr[hidden]{display:none}
.doubts tr{border:1px solid var(--line);border-radius:6px;margin:10px 0;padding:6px 12px}
.doubts td{border:0;padding:2px 0;min-width:0!important;white-space:normal!important}
.doubts td.number{text-align:left}.doubts td:nth-child(n+3)::before{color:var(--soft)}
.doubts td:nth-child(3)::before{content:"栏目："}.doubts td:nth-child(4)::before{content:"单位："}
.doubts td:nth-child(5)::before{content:"发布："}.doubts td:nth-child(6)::before{content:"疑点："}
.doubts td:nth-child(7)::before{content:"处数："}.doubts td:nth-child(8)::before{content:"位置："}
.doubts td:nth-child(9)::before{content:"状态："}.doubts td:nth-child(10)::before{content:"建议："}}
@media print{body{padding:0;max-width:none;font-size:11px}.filter,nav,.pages{display:none}
table{font-size:10px}.id,.small{font-size:9px}.doubts td{min-width:0!important}
h2{break-after:avoid}tr,figure,.figures{break-inside:avoid}thead{display:table-header-group}
.wide{overflow:visible}th button{display:contents}
a{color:inherit;text-decoration:none}.figures b{font-size:18px}@page{size:A4 landscape;margin:12mm}}
"""
#: Sorts by a column and filters by words; pages are complete without it.
_SCRIPT: Final = """
(() => {
  const value = (row, at) => (row.cells[at] ? row.cells[at].textContent.trim() : '');
  const numeric = (text) => text !== '' && !isNaN(text);
  for (const table of document.querySelectorAll('table.sortable')) {
    const body = table.tBodies[0];
    for (const head of table.tHead.rows[0].cells) {
      const button = document.createElement('button');
      button.type = 'button'; button.textContent = head.textContent; button.title = '按此列排序';
      head.textContent = ''; head.append(button);
      button.addEventListener('click', () => {
        const down = head.getAttribute('aria-sort') === 'ascending';
        for (const other of table.tHead.rows[0].cells) other.removeAttribute('aria-sort');
        head.setAttribute('aria-sort', down ? 'descending' : 'ascending');
        const rows = [...body.rows], at = head.cellIndex;
        rows.sort((a, b) => { const x = value(a, at), y = value(b, at);
          const order = numeric(x) && numeric(y) ? x - y : x.localeCompare(y, 'zh');
          return down ? -order : order; });
        body.append(...rows);
      });
    }
    if (body.rows.length < 8) continue;
    const box = document.createElement('input');
    box.type = 'search'; box.className = 'filter'; box.placeholder = '筛选：输入几个字，空格隔开';
    box.setAttribute('aria-label', '筛选本表');
    const count = document.createElement('span'); count.className = 'soft small';
    table.closest('.wide').before(box, count);
    const texts = [...body.rows].map((row) => [row, row.textContent.toLowerCase()]);
    box.addEventListener('input', () => {
      const words = box.value.toLowerCase().split(/\\s+/).filter(Boolean); let shown = 0;
      for (const [row, text] of texts) {
        row.hidden = !words.every((word) => text.includes(word)); shown += !row.hidden;
      }
      count.textContent = words.length ? ' ' + shown + ' 行' : '';
    });
  }
  document.addEventListener('keydown', (event) => {
    if (event.key !== '/' || event.isComposing || event.target.matches('input')) return;
    const box = document.querySelector('.filter'); if (box) { event.preventDefault(); box.focus(); }
  });
})();
"""
_HASH: Final = base64.b64encode(hashlib.sha256(_SCRIPT.encode()).digest()).decode()


def page(title: str, body: Iterable[str]) -> str:
    """Return a complete HTML page."""
    policy = f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{_HASH}'"
    head = (
        '<!DOCTYPE html>\n<html lang="zh-CN"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}"><meta name="referrer" content="no-referrer">'
        '<meta name="robots" content="noindex"><meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{text(title)}</title><style>{_STYLE}</style></head><body>\n"
    )
    return head + "\n".join(body) + f"\n<script>{_SCRIPT}</script></body></html>\n"


def text(value: object) -> str:
    """Return a value as escaped text."""
    return html.escape(str(value))


def link(place: str, words: str) -> str:
    """Return `words` as a link to a place, or as plain text if the place is no web address."""
    if not place.startswith(("http://", "https://")):
        return text(words)
    return f'<a href="{text(place)}" rel="noopener noreferrer">{text(words)}</a>'


def level(name: str) -> str:
    """Return the name of a level in its colour."""
    return f'<span class="level-{name}">{LEVEL_LABELS[name]}</span>'


def table(
    heads: Sequence[str], rows: Iterable[Sequence[str]], *, numbers: Sequence[int] = (), css: str = "sortable"
) -> str:
    """Return a table; cells are HTML. `numbers` are the indexes of columns with figures."""
    classes = dict.fromkeys(numbers, ' class="number"')
    top = "".join(f"<th{classes.get(at, '')}>{text(head)}</th>" for at, head in enumerate(heads))
    lines = [
        "<tr>" + "".join(f"<td{classes.get(at, '')}>{cell}</td>" for at, cell in enumerate(row)) + "</tr>"
        for row in rows
    ]
    if not lines:
        return '<p class="soft">（无）</p>'
    return (
        f'<div class="wide"><table class="{css}"><thead><tr>{top}</tr></thead><tbody>\n'
        + "\n".join(lines)
        + "\n</tbody></table></div>"
    )
