"""Options that several commands take, and the settings they lead to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import click

if TYPE_CHECKING:
    from collections.abc import Sequence

    from prescan.types import Settings

CONFIG: Final = click.option("--config", metavar="文件", help="设置文件，默认向上找 prescan.toml")
RULES: Final = click.option("--rules", multiple=True, metavar="路径", help="另加的规则文件或文件夹")


def settings_with(config: str | None, rules: Sequence[str] = ()) -> Settings:
    """Return the effective settings of a command; rule files given to it take the place of those in the settings.

    Raises SettingsError.
    """
    from prescan.settings import effective_settings  # noqa: PLC0415  --help must not wait for the rest

    return effective_settings(config, {"rules": tuple(rules) or None}).settings
