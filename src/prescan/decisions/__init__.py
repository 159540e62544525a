"""Keyed fingerprints and ids of findings, by which decisions are stored: stores never contain the value itself.

An unkeyed hash of every mobile number can be reversed within hours, so a fingerprint is an HMAC (RFC 2104) under a key
of the office.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import os
import secrets
from pathlib import Path
from typing import Final

from prescan.drafts import draft_of
from prescan.errors import SettingsError

_KEY_BYTES: Final = 32
_SEPARATOR: Final = b"\x1f"
_ID_LENGTH: Final = 16


def load_key(key_file: str | None) -> tuple[bytes, str | None]:
    """Return the key of the fingerprints and a warning (Chinese) or None.

    A file named in the settings must exist and hold a key, else SettingsError. Without one the key is created once in
    the user's configuration folder (mode 0600). If that cannot be written, the key is good for this run only and the
    warning says so.
    """
    if key_file is not None:
        try:
            key = bytes.fromhex(Path(key_file).read_text(encoding="ascii").strip())
        except (OSError, ValueError):
            raise SettingsError(f"无法读取密钥文件 {key_file}，应是一行十六进制字符，请核对路径与权限") from None
        if len(key) < _KEY_BYTES // 2:
            raise SettingsError(f"密钥文件 {key_file} 太短，至少要 {_KEY_BYTES} 个十六进制字符")
        return key, None
    path: Path | str = "fingerprint.key"
    try:
        path = _default_key_path()
        return _read_or_create(path), None
    except (OSError, ValueError, RuntimeError):  # RuntimeError: a user without a home folder
        return secrets.token_bytes(_KEY_BYTES), f"无法读写密钥文件 {path}：疑点编号只在本次运行有效"


def _default_key_path() -> Path:
    base = os.environ.get("XDG_CONFIG_HOME") or os.environ.get("APPDATA") or Path.home() / ".config"
    return Path(base) / "prescan" / "fingerprint.key"


def _read_or_create(path: Path) -> bytes:
    """Return the key in `path`, created if missing. Two processes that start together get the same key."""
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with draft_of(path) as draft, contextlib.suppress(FileExistsError):  # another process was first: use its key
            draft.write_text(secrets.token_hex(_KEY_BYTES) + "\n", encoding="ascii")
            os.link(draft, path)
    key = bytes.fromhex(path.read_text(encoding="ascii").strip())
    if len(key) < _KEY_BYTES // 2:
        raise ValueError(len(key))
    return key


def fingerprint(key: bytes, rule_id: str, finding_type: str, *surroundings: str) -> bytes:
    """Return the fingerprint of a finding.

    `surroundings` are its folded value and the 20 folded characters on each side; without offsets, its location.
    """
    parts = [rule_id, finding_type, *surroundings]
    return hmac.digest(key, _SEPARATOR.join(part.encode("utf-8", "surrogatepass") for part in parts), hashlib.sha256)


def finding_id(key: bytes, fingerprint: bytes, place: str) -> str:
    """Return a finding's id: 16 hex digits of the HMAC of its fingerprint and the document's place (url or path)."""
    message = fingerprint + _SEPARATOR + place.encode("utf-8", "surrogatepass")
    return hmac.digest(key, message, hashlib.sha256).hex()[:_ID_LENGTH]
