"""The report of an audit: a folder of static HTML pages that need no network."""
