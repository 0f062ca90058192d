"""The working-hours clock of the administration: what a time limit in law comes to on the calendar.

Moments go in and come out as UTC and are counted in Asia/Ho_Chi_Minh. A working day is always eight working
hours, so "5 working days" and "40 working hours" are the same length and an unused rest of either can be kept.
"""

from shared.working_time.count import VIETNAM, WorkingTime
from shared.working_time.days import Calendar, YearDays, days_by_law, national_days
from shared.working_time.duration import SAME_DAY_CUTOFF, WORKING_DAY, Duration, Unit
from shared.working_time.timetable import OFFICE_HOURS, Period, Season, Timetable

__all__ = [
    "OFFICE_HOURS",
    "SAME_DAY_CUTOFF",
    "VIETNAM",
    "WORKING_DAY",
    "Calendar",
    "Duration",
    "Period",
    "Season",
    "Timetable",
    "Unit",
    "WorkingTime",
    "YearDays",
    "days_by_law",
    "national_days",
]
