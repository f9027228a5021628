"""The only writer of `data/ledger`: a hash-chained, append-only record of what cannot be rebuilt.

Each line is one JSON object with `n`, `when` (UTC), `by` (the account the program ran under), `program` (its version), `kind`, `data`
and `before` (SHA-256 of the line before). Data holds codes, counts and hashes, never free text of a log or a patient. The chain alone
cannot tell that its last lines were taken away: beside the ledger's folder lies its `head` (`ledger.head`), and `audit` compares.
"""

from analysis.ledger.book import append, append_all
from analysis.ledger.checks import accept_cut, audit
from analysis.ledger.head import ACCEPTED, CUT
from analysis.ledger.lines import entries, ledger_path, verify
from analysis.ledger.retention import RETAINED, retain

__all__ = [
    "ACCEPTED", "CUT", "RETAINED", "accept_cut", "append", "append_all", "audit", "entries", "ledger_path", "retain", "verify",
]  # fmt: skip
