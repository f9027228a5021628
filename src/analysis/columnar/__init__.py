"""Floor 1: whole columns worked on at once: different values, hashes, groups, order, text as Arrow holds it, frames as bytes.

Nothing in here knows what a session or an event is.
"""
