"""The report of an audit: a folder of static pages that need nothing but a browser, and nothing of the network."""
