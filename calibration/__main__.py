"""All calibrations in turn; those of the monitors where they are there."""

import importlib.util

from calibration import intervals


def main() -> None:
    intervals.main()
    if importlib.util.find_spec("calibration.monitors"):
        from calibration import monitors

        monitors.main()


if __name__ == "__main__":
    main()
