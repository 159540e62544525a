"""Reads and checks rule packs; errors show the user's own line."""

from __future__ import annotations

from prescan.rules.kinds import KINDS, Exemption, Rule, RuleBase
from prescan.rules.load import load_rules

__all__ = ["KINDS", "Exemption", "Rule", "RuleBase", "load_rules"]
