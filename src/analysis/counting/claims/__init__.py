"""The article's statements held against the clinics' own logs: what can be said, and why not more."""

from analysis.counting.claims.table import COLUMNS, VERDICTS, article_claims

__all__ = ["COLUMNS", "VERDICTS", "article_claims"]
