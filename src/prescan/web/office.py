"""The office: the store, uploads, scanner and queue of a server, opened once and shared by all requests."""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import os
import threading
from collections import Counter
from typing import IO, TYPE_CHECKING, Any, Final

from sqlalchemy import select

from prescan.decisions import load_key
from prescan.errors import SettingsError
from prescan.report.json import as_object
from prescan.report.shown import accepted, shown_name
from prescan.scanner import Scanner
from prescan.types import LEVELS
from prescan.web import trail
from prescan.web.clock import now
from prescan.web.holding import Holding
from prescan.web.jobs import Jobs
from prescan.web.people import Throttle, has_accounts
from prescan.web.profile import Profile
from prescan.web.reading import document_html
from prescan.web.shown import MASKED
from prescan.web.store import Store
from prescan.web.tables import GONE, Case, Decided, Scan

if TYPE_CHECKING:
    from pathlib import Path

    from markupsafe import Markup
    from sqlalchemy.orm import Session

    from prescan.scanner.received import Received
    from prescan.types import ScanResult, Settings
    from prescan.web.config import Config

_LOG = logging.getLogger("prescan.web")
_KEPT_RESULTS: Final = 6


class Office:
    """An open store with everything that works on it."""

    def __init__(self, config: Config, settings: Settings) -> None:
        """Open the store and load the scanner. Raises SettingsError, RuleError, ModelError."""
        self.config = config
        self.store = Store(config.folder)
        self._lock = lock_store(config.folder)
        self.holding = Holding(config.folder)
        self.holding.clear_incoming()
        self.profile = Profile.load(config.folder)
        self.throttle = Throttle()
        self.key, _ = load_key(settings.key_file)
        self._base = settings
        self._scanner_lock = threading.Lock()
        self._scanner = self._loaded(self.profile)
        self._results: dict[str, ScanResult] = {}
        self._html: dict[str, Markup] = {}
        self._results_lock = threading.Lock()
        self.jobs = Jobs(self._scan, self._scanner.jobs, config.queue)
        self._resume()

    @property
    def scanner(self) -> Scanner:
        """The scanner with the current settings."""
        with self._scanner_lock:
            return self._scanner

    @property
    def rules_state(self) -> str:
        """A digest of the current rules, models and settings: a scan with another one is outdated."""
        scanner = self.scanner
        text = f"{scanner.settings!r} {sorted(scanner.versions.items())}"
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]

    def change_profile(self, profile: Profile) -> None:
        """Change the settings of the office. Raises RuleError, SettingsError; then nothing changes."""
        fresh = self._loaded(profile)
        profile.save(self.config.folder)
        with self._scanner_lock:
            self.profile, self._scanner = profile, fresh

    def single_user(self) -> bool:
        """Return whether no login is needed: the server is on loopback and has no accounts."""
        if not self.config.loopback:
            return False
        with self.store.read() as database:
            return not has_accounts(database)

    def scan_id(self, *parts: str) -> str:
        """Return an unguessable id that is always the same for equal `parts`."""
        message = json.dumps(["scan", *parts], ensure_ascii=False).encode("utf-8", "surrogatepass")
        return hmac.digest(self.key, message, hashlib.sha256).hex()[:32]

    def result(self, scan_id: str) -> ScanResult | None:
        """Return the full result of a scan, or None once its upload is gone. The last few are cached."""
        with self._results_lock:
            if (cached := self._results.get(scan_id)) is not None:
                return cached
        result_ = self.holding.result(scan_id)
        if result_ is not None:
            with self._results_lock:
                while len(self._results) >= _KEPT_RESULTS:
                    oldest = next(iter(self._results))
                    self._results.pop(oldest)
                    self._html.pop(oldest, None)
                self._results[scan_id] = result_
        return result_

    def html_of(self, scan_id: str, result: ScanResult) -> Markup:
        """Return a document as HTML; cached as long as its result."""
        with self._results_lock:
            html = self._html.get(scan_id)
        if html is None:
            html = document_html(result)
            with self._results_lock:
                if scan_id in self._results:
                    self._html[scan_id] = html
        return html

    def drop_upload(self, scan_id: str) -> None:
        """Remove an upload and its result, also from memory. The caller records it in the database."""
        with self._results_lock:
            self._results.pop(scan_id, None)
            self._html.pop(scan_id, None)
        self.holding.drop(scan_id)

    def close(self) -> None:
        """Stop accepting files and close everything."""
        self.jobs.close()
        self._scanner.close()
        self.store.close()
        self._lock.close()

    def _loaded(self, profile: Profile) -> Scanner:
        return Scanner(profile.applied(self._base, self.config.folder))

    def _resume(self) -> None:
        """Queue scans an earlier server or version did not finish; remove uploads that no scan refers to."""
        with self.store.write() as database:
            unfinished = select(Scan).where(Scan.status.in_(("queued", "running"))).order_by(Scan.created)
            waiting = [scan.id for scan in database.execute(unfinished).scalars()]
            known = set(database.execute(select(Scan.id).where(Scan.held)).scalars())
            trail.add(database, "system", "started")
        for scan_id in self.holding.ids():
            if scan_id not in known:
                self.holding.drop(scan_id)
            elif scan_id not in waiting and not self.holding.has_result(scan_id):
                waiting.append(scan_id)
        for scan_id in waiting:
            self.jobs.submit(scan_id, checked=False)

    def _scan(self, scan_id: str) -> None:
        """Scan an upload in a worker and store the result."""
        upload = self.holding.get(scan_id)
        if upload is None:  # discarded while it waited
            self._finish(scan_id, None)
            return
        rules_state = self.rules_state
        with self.store.write() as database:
            if scan := database.get(Scan, scan_id):
                scan.status = "running"
        try:
            if upload.is_text:
                text = upload.path.read_bytes().decode("utf-8", "surrogatepass")
                self.jobs.note(scan_id, "scanning")
                result = self.scanner.scan_text(text, context=upload.context, in_worker=True)
            else:

                def report_progress(received: Received) -> None:
                    step = "scanning" if received.fully_read else "reading"
                    self.jobs.note(scan_id, "recognising" if received.recognising else step, received)

                result = self.scanner.scan_file(
                    upload.path, name=upload.name, context=upload.context, on_progress=report_progress
                )
            self.jobs.note(scan_id, "filing")
            self.holding.put_result(scan_id, result)
        except Exception:
            self._finish(scan_id, None)
            raise
        with self._results_lock:
            self._results.pop(scan_id, None)
            self._html.pop(scan_id, None)
        self._finish(scan_id, result, rules_state)

    def _finish(self, scan_id: str, result: ScanResult | None, rules_state: str = "") -> None:
        with self.store.write() as database:
            scan = database.get(Scan, scan_id)
            if scan is None:
                return
            scan.finished = now()
            if result is None:
                scan.status = "failed"
                return
            scan.status = "done"
            scan.media_type = result.document.media_type
            scan.verdict = result.verdict
            suggestion = result.suggestion
            scan.suggested = ("abstained" if suggestion.abstained else suggestion.attribute) if suggestion else None
            scan.counts = {**counts(result), "mark": rules_state}
            case = database.get(Case, scan.case_id)
            fresh = as_object(result, MASKED)
            if case is not None and scan.result is not None and scan.result["unread"] != fresh["unread"]:
                case.unread_reasons = {}
            scan.result = fresh
            if case is not None and case.scan_id == scan_id:
                case.name = shown_name(result.document.name, MASKED, result) or "（文本）"
                case.title = shown_name(result.title, MASKED, result)[:200] if result.title else None
                _update_levels(database, case, result)


def _update_levels(database: Session, case: Case, result: ScanResult) -> None:
    """Give the decisions the level of their finding in the new result, GONE if it is no longer found."""
    levels = {finding.id: finding.level for finding in result.findings}
    for decided in database.execute(select(Decided).where(Decided.case_id == case.id)).scalars():
        decided.level = levels.get(decided.finding_id, GONE)


def lock_store(folder: Path) -> IO[bytes]:
    """Lock the store until the returned file is closed or the process ends. Raises SettingsError if it is locked."""
    stream = os.fdopen(os.open(folder / "serve.lock", os.O_WRONLY | os.O_CREAT, 0o600), "wb")
    try:
        import fcntl  # noqa: PLC0415  not on Windows, where nothing keeps a second server off

        fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except ImportError:
        pass
    except OSError:
        stream.close()
        raise SettingsError(f"{folder} 正由另一个 prescan serve 使用，请先停止它，或用 --store 换一个文件夹") from None
    return stream


def counts(result: ScanResult) -> dict[str, Any]:
    """Return the figures of a result for lists and statistics."""
    open_ones = [finding for finding in result.findings if finding.suppressed is None]
    levels = Counter(finding.level for finding in open_ones)
    places = Counter(finding.id for finding in open_ones if finding.level != "note")
    return {
        "asked": places.total(),
        "alike": {finding_id: number for finding_id, number in places.items() if number > 1},
        **{level: levels[level] for level in LEVELS},
        "handled": accepted(result),
        "unread": len(result.unread),
        "chars": len(result.document.text),
        "pages": max((block.location.page or 0 for block in result.document.blocks), default=0),
        "categories": dict(Counter(finding.category for finding in open_ones)),
        "rules": dict(Counter(finding.rule_id for finding in open_ones)),
    }
