"""File names of reports: a fixed pattern made of codes, whatever a clinic is called."""

import re


def report_name(*, month: str, clinic: str | None, audience: str) -> str:
    """`<clinic or group>/<YYYY-MM>.<audience>`, without ending."""
    folder = re.sub(r"[^a-z0-9]+", "-", (clinic or "group").casefold()).strip("-") or "clinic"
    return f"{folder}/{month}.{re.sub(r'[^A-Za-z0-9]+', '-', audience)}"


def page_beside(*, month: str, audience: str) -> str:
    """The page of another month as a link from a page in the same folder."""
    return f"{month}.{re.sub(r'[^A-Za-z0-9]+', '-', audience)}.html"
