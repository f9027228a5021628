"""The line in two halves that meet in the store: ingest (raw → store) and report (store → page)."""
