"""The groups drawn and the changes planted in them, and how a share of them is told: for the monitors and what they are compared with."""

import numpy as np

from analysis.counting.intervals import proportion_interval
from calibration.world import Change, Scenario

NULL = {
    "as the simulation": Scenario(months=26),
    "one clinic telephones everybody": Scenario(months=26, asked={"Harbour": 0.92}),
    "one telephones everybody, the others nobody": Scenario(
        months=26, asked={"Harbour": 0.92, "Northgate": 0.0, "Willow": 0.0, "Quayside": 0.0}
    ),
    "three times as many clinics and injectors": Scenario(months=26, copies=3),
    "a third of the sessions": Scenario(months=26, sessions=3200),
    "one clinic logs a third more than the others, follow-up alike": Scenario(
        months=26, logging={"Northgate": 0.75, "Willow": 0.75, "Quayside": 0.75}
    ),
    "beyond the promise: luck shared within injector and month (variance 0.1)": Scenario(months=26, frailty=0.1),
    "one clinic logs twice as much as the others, follow-up alike": Scenario(
        months=26, logging={"Northgate": 0.5, "Willow": 0.5, "Quayside": 0.5}
    ),
}
DROOP, SILENT, SILENT_CLINIC = "Dr Ana Reyes", "Dr Edwin Fableton", "Northgate"
PLANTED = Scenario(months=18, changes=(Change(DROOP, 6, 3.0, "lid_droop"), Change(SILENT, 9, 0.0)))
VOLUMES = {DROOP: 80.0, SILENT: 60.0}
"""The lower end of what is promised: on average 80 and 60 sessions a month, no more."""


def share(hit: list[bool]) -> str:
    """A share with its exact 95 % limits."""
    lower, upper = proportion_interval(sum(hit), len(hit))
    return f"{np.mean(hit):.1%} ({sum(hit)} of {len(hit)}; {float(lower):.1%}-{float(upper):.1%})"
