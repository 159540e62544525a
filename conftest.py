"""Modules of extras that are not part of dev cannot be looked through for doctests where these are not installed."""

import importlib.util

collect_ignore = [] if importlib.util.find_spec("scrapy") else ["src/prescan/audit/crawl/spider.py"]
