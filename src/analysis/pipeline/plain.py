"""Text from files and folders as a terminal may show it. No pandas."""


def plain(text: object) -> str:
    """Text that cannot move the cursor or colour the terminal: control characters are written out."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in str(text))
