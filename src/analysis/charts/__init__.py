"""Chart functions: each takes one result frame and returns a `Chart`."""

from analysis.charts.activity import sessions_per_month
from analysis.charts.arrivals import reporting_lag
from analysis.charts.categories import counts_by_category
from analysis.charts.chart import Chart
from analysis.charts.claims import statements_by_verdict
from analysis.charts.drawing import Drawing
from analysis.charts.face import events_by_area
from analysis.charts.frequency import (
    frequency_by_area,
    frequency_by_injector,
    frequency_by_product,
    frequency_by_treatment_type,
)
from analysis.charts.funnel import funnel_by_injector
from analysis.charts.mix import followup_by_clinic, severity_by_category
from analysis.charts.observed_expected import observed_expected_by_injector
from analysis.charts.onset import onset_by_category
from analysis.charts.over_time import rates_over_months
from analysis.charts.overview import measures_by_treatment_type
from analysis.charts.recovery import recovery_by_category
from analysis.charts.runs import run_chart
from analysis.charts.trends import days_since, monitored

__all__ = [
    "Chart",
    "Drawing",
    "counts_by_category",
    "days_since",
    "events_by_area",
    "followup_by_clinic",
    "frequency_by_area",
    "frequency_by_injector",
    "frequency_by_product",
    "frequency_by_treatment_type",
    "funnel_by_injector",
    "measures_by_treatment_type",
    "monitored",
    "observed_expected_by_injector",
    "onset_by_category",
    "rates_over_months",
    "recovery_by_category",
    "reporting_lag",
    "run_chart",
    "sessions_per_month",
    "severity_by_category",
    "statements_by_verdict",
]
