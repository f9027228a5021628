"""Coding: free text and coded fields to findings. Normalise → match → context → decide; the words are in resources/lexicon."""

from analysis.coding.explain import explain
from analysis.coding.terms import Coded, code_term, term_table
from analysis.coding.texts import code_texts, triage_of

__all__ = ["Coded", "code_term", "code_texts", "explain", "term_table", "triage_of"]
