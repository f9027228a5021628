"""Promises about chance, checked by simulation. Figures go to docs/methods.md by hand, with their seeds."""
