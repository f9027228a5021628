"""Allowed values of coded columns, in one place."""

from analysis import taxonomy

KINDS = ("events", "treatments", "combined", "totals", "process", "ignore", "unknown")
PROCESS = ("complaint", "near_miss")
DISPOSITIONS = ("quarantined", "duplicate", "superseded", "ignored")
TREATMENT_TYPES = ("cosmetic", "tmj", "migraine", "hair", "hyperhidrosis", "other_medical", "unknown")
MEDICAL_FIRST = ("migraine", "tmj", "hyperhidrosis", "other_medical", "hair", "cosmetic", "unknown")
"""Order in which a session of several indications takes its type: medical before cosmetic."""
FOLLOWUP_KINDS = ("scheduled", "patient_initiated", "none", "unknown")
LINK_METHODS = ("treatment_id", "patient_date", "patient_latest", "probable", "ambiguous", "none", "reviewer")
LINKED = ("treatment_id", "patient_date", "patient_latest", "probable", "reviewer")
SURE_LINKS = ("treatment_id", "reviewer")
"""Links that no window of days can put in doubt."""
CODED = ("findings", "none", "unknown")
SEVERITIES = taxonomy.SEVERITIES
SERIOUSNESS = ("death", "life_threatening", "hospitalisation", "disability", "congenital", "medically_important")
OUTCOMES = ("recovered", "recovering", "not_recovered", "sequelae", "fatal", "unknown")
LATERALITIES = taxonomy.LATERALITIES
PATTERNS = ("local", "adjacent", "distant", "immediate", "unknown")
CONFIRMED = ("examined", "photo", "reported_only")
SOURCES = ("rule", "field", "reviewer")
EPISODE_STATES = ("new", "ongoing", "closed", "recurred")
TREATMENT_COVERAGE = ("received", "partial", "missing")
EVENT_COVERAGE = ("received", "nil_return", "missing")
REVIEW_KINDS = ("coding", "link", "merge", "entry")
REVIEW_STATES = ("applied", "overruled", "stale", "gone")
