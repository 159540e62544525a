"""The audit of what is already published: sources, store, run, what only many documents show, report, rectification."""
