"""Writes items into the store: an item, its content, links and doubts in one transaction.

Runs, merges of stores and cluster results all use it, so they lead to the same store.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from prescan.audit import places, tracks
from prescan.audit.sources import path_of
from prescan.audit.store import add_content, hashed
from prescan.decisions import ledger
from prescan.report import Options
from prescan.report.shown import printable, shown_name

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable, Iterable, Mapping

    from prescan.audit.sources import Item
    from prescan.audit.store import Store
    from prescan.decisions.ledger import Decision
    from prescan.types import Context

#: Unread codes that may not occur again: such files are tried again in the next batch.
_TRANSIENT: Final = frozenset({"timeout", "memory", "crashed"})
_PAGES: Final = frozenset({"text/html", "text/plain", "multipart/related"})
#: Suffixes of files that are no pages, for files whose media type is unknown.
_FILES: Final = frozenset(
    "doc docx docm wps wpt xls xlsx xlsm et ppt pptx dps pdf ofd rtf csv zip rar 7z tar gz tgz"
    " jpg jpeg png gif bmp tif tiff webp svg ico mp3 mp4 avi wmv flv mov wav swf".split()
)
_OPTIONS: Final = Options()
LINK: Final = "INSERT INTO links VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET batch = max(batch, excluded.batch)"


@dataclass(frozen=True, slots=True)
class Entry:
    """What the store keeps about an item: keyed hashes, masked text, metadata from its source."""

    place: bytes
    shown: str
    folder: str | None
    annex: bool
    title: str | None
    channel: str | None
    unit: str | None
    produced: str | None
    published: str | None
    declared: str | None


def entry_of(item: Item, key: bytes) -> Entry:
    """Return the entry of an item."""
    return Entry(
        place=hashed(key, "place", item.place),
        shown=printable(shown_name(item.place, _OPTIONS)),
        folder=places.folder_of(item.place),
        annex=item.parent is not None,
        **metadata_of(item.context),
    )


def metadata_of(context: Context) -> dict[str, Any]:
    """Return the metadata a source gives for an item, as the store keeps it."""
    return {
        "title": printable(shown_name(context.title, _OPTIONS)) if context.title else None,
        "channel": context.channel,
        "unit": context.unit,
        "produced": _iso(context.produced_on),
        "published": _iso(context.published_on),
        "declared": context.declared,
    }


def scan_key(key: bytes, item: Item, digest: str, state: str) -> bytes:
    """Return the hash of all the findings in an item depend on: `digest` of its bytes, name, label, rules state."""
    return hashed(key, "scan", digest, item.name, str(item.context.declared), state)


def unread_key(key: bytes, item: Item, code: str, detail: str) -> bytes:
    """Return the scan key of an item without readable bytes."""
    return hashed(key, "unread", item.name, code, detail)


def links_of(key: bytes, place: str, links: Iterable[str]) -> list[bytes]:
    """Return the hashed places to which the links of a page lead."""
    found = (places.resolved(place, link) for link in links)
    return [hashed(key, "place", to) for to in found if to]


def is_transient(unread: str) -> bool:
    """Return whether reading may succeed another time, given the column `unread` of contents."""
    return any(item[0] in _TRANSIENT for item in json.loads(unread))


class Entering:
    """Enters items into one batch of a store."""

    def __init__(self, store: Store, batch: int, day: datetime.date, accepted: Mapping[str, Decision]) -> None:
        """`accepted` are the decisions of a baseline by finding id; those expired on `day` are ignored."""
        self.store, self.batch, self._day = store, batch, day.isoformat()
        self._accepted = {finding_id: one for finding_id, one in accepted.items() if not ledger.expired(one, day)}

    def content(self, key: bytes, brief: dict[str, Any], *, anew: bool = False) -> int:
        """Return the id of the content with this scan key, which is added if it is missing, or replaced if `anew`."""
        stored = self.store.db.execute("SELECT id, batch FROM contents WHERE scan_key = ?", (key,)).fetchone()
        if stored is None or (anew and stored["batch"] != self.batch):
            return add_content(self.store, key, brief, self.batch, stored and stored["id"])
        return int(stored["id"])

    def enter(  # noqa: PLR0913  everything a scan reports
        self,
        entry: Entry,
        source: str,
        content: int,
        *,
        fresh: bool,
        links: Iterable[bytes] = (),
        id_of: Callable[[bytes], str | None] | None = None,
    ) -> None:
        """Write an item and update its doubts; to be called within a transaction.

        `fresh`: the content was scanned in this batch, so `links` are all the links of the page. `id_of` returns the id
        of a finding at this place by its fingerprint, for the baseline.
        """
        store = self.store
        number = self._write(entry, source, content, fresh=fresh)
        links = list(links)
        if fresh and links:
            store.db.executemany(LINK, [(entry.place, to, self.batch) for to in links])
            store.db.execute("DELETE FROM links WHERE page = ? AND batch < ?", (entry.place, self.batch))
        if self._accepted and id_of:
            tracks.accept(store, number, id_of, self._accepted)

    def _write(self, entry: Entry, source: str, content: int, *, fresh: bool) -> int:
        store = self.store
        seen = store.db.execute("SELECT * FROM contents WHERE id = ?", (content,)).fetchone()
        page, dates = json.loads(seen["page"]), json.loads(seen["dates"])
        values = {
            "shown": entry.shown,
            "source": source,
            "spread": places.spread(entry.place),
            "annex": entry.annex or not _is_page(seen["media_type"], entry.shown),
            "title": entry.title or page.get("title") or seen["title"],
            "channel": entry.channel or page.get("channel"),
            "folder": entry.folder,
            "unit": entry.unit or page.get("unit") or page.get("site"),
            "produced": entry.produced or dates.get("produced"),
            "published": entry.published or page.get("published"),
            "declared": entry.declared or seen["declared"],
            "content": content,
            "batch": self.batch,
        }
        old = store.db.execute(
            "SELECT i.id, i.content, i.gone, c.sha256 FROM items i LEFT JOIN contents c ON c.id = i.content"
            " WHERE i.place_key = ?",
            (entry.place,),
        ).fetchone()
        if old:
            names = ", ".join(f"{name} = :{name}" for name in values)
            store.db.execute(
                f"UPDATE items SET {names}, gone = NULL, gone_on = NULL WHERE id = :id", {**values, "id": old["id"]}
            )
            number = old["id"]
        else:
            made = store.db.execute(
                f"INSERT INTO items (place_key, first_batch, {', '.join(values)})"
                f" VALUES (:place, :batch, {', '.join(f':{name}' for name in values)})",
                {**values, "place": entry.place},
            )
            number = int(made.lastrowid or 0)
        if old is None or fresh or old["content"] != content or old["gone"] is not None:
            why = tracks.RULES if old and old["sha256"] == seen["sha256"] else tracks.EDITED
            doubts_found = tracks.of_content(store, content)
            complete = seen["unread"] == "[]"
            if old and complete and old["content"] != content:
                tracks.follow(store, number, old["content"], content)
            if old or doubts_found:
                tracks.update(store, number, doubts_found, batch=self.batch, day=self._day, why=why, complete=complete)
        return int(number)


def _is_page(media_type: str | None, place: str) -> bool:
    """Return whether an item is a page of a site, by its media type or, if that is None, by its address.

    >>> _is_page(None, "https://x.cn/"), _is_page(None, "a/b.JPG?c=1"), _is_page("text/html", "b.jpg")
    (True, False, True)
    """
    name = path_of(place).partition("?")[0]
    return name.lower().rpartition(".")[2] not in _FILES if media_type is None else media_type in _PAGES


def _iso(day: datetime.date | None) -> str | None:
    return day.isoformat() if day else None
