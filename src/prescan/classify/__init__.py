"""The disclosure attribute: what a document's words and anatomy say about it, with the places they say it."""
