"""`make calibrate`: every promise about chance, by simulation with fixed seeds."""

import importlib

for _part in ("intervals", "monitors"):
    try:
        _module = importlib.import_module(f"calibration.{_part}")
    except ModuleNotFoundError as error:
        if error.name != f"calibration.{_part}":
            raise
        continue
    _module.main()
