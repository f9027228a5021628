"""Counting: what was exposed, what happened, and how sure we are of the ratio of the two."""
