"""Shapes: one pandera schema per frame, the month context and the configuration files."""

from analysis.schemas.conform import conform, empty
from analysis.schemas.frames import FRAMES, Frame
from analysis.schemas.month import MonthContext

__all__ = ["FRAMES", "Frame", "MonthContext", "conform", "empty"]
