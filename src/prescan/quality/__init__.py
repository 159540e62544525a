"""Rule self-tests, evaluation, floors, and the building of shipped tables and models."""
