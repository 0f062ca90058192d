"""The moments that Decree 30 sets: until when to issue, to confirm reception, to finish."""

from datetime import date, datetime, time, timedelta

from shared.working_time import VIETNAM, Duration, Unit, WorkingTime

AT_ONCE = timedelta(hours=1)
"""What "at once" (ngay) comes to for urgent documents, in working time."""

NEAR = timedelta(hours=8)
"""A deadline is near when less than a working day is left."""

_END_OF_DAY = Duration(1, Unit.SAME_DAY, cutoff=time(23, 59))
_WORKING_DAY = timedelta(hours=8)


def is_urgent(urgency: int | None) -> bool:
    """Khẩn, thượng khẩn, hỏa tốc; what nobody called urgent is not."""
    return bool(urgency)


def issue_by(signed_at: datetime, urgency: int | None, working_time: WorkingTime) -> datetime:
    """Number and issue: on the day of signing, at the latest on the next working day; urgent at once (Art. 18.1)."""
    if is_urgent(urgency):
        return working_time.add(signed_at, AT_ONCE)
    return working_time.add(working_time.add(signed_at, _END_OF_DAY), _WORKING_DAY)


def confirm_by(arrived_at: datetime, urgency: int | None, working_time: WorkingTime) -> datetime:
    """Confirm reception: within the day; what comes on a day off, on the next working day (Art. 4.2c, 21.2c)."""
    if is_urgent(urgency):
        return working_time.add(arrived_at, AT_ONCE)
    return working_time.add(arrived_at, _END_OF_DAY)


def end_of(day: date, working_time: WorkingTime) -> datetime:
    """The moment at which a deadline that was given as a day is over: the end of that day's work."""
    begins = datetime.combine(day, time(0), VIETNAM)
    return working_time.add(begins, _END_OF_DAY)


def day_of(moment: datetime) -> date:
    """The day in Viet Nam."""
    return moment.astimezone(VIETNAM).date()
