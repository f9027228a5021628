"""Monitoring: whether something differs or changed beyond what chance and case mix would do."""
