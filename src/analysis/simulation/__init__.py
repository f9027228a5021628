"""A simulated clinic group: what its clinics would deliver, in their own dialects, and the truth behind it.

Everything is invented. Words and parameters are data in `resources/simulation`; the pipeline never reads the truth.
"""

from analysis.simulation.demo import SCENARIOS, DemoSummary, write_demo

__all__ = ["SCENARIOS", "DemoSummary", "write_demo"]
