"""Measurements against a bare floor in the same run. Figures go to docs/performance.md by hand, with the machine they came from."""
