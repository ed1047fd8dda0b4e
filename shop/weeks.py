"""Instants and local days of a week: pure, Europe/Brussels, right through both clock changes."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Brussels")


def instant(day: date, at: time) -> datetime:
    """Give the UTC instant of a local day and time.

    A time that the spring change leaves out (2027-03-28 02:30) becomes the instant as far after the
    change; one that comes twice in autumn is the first of the two.
    """
    return datetime.combine(day, at, tzinfo=ZONE).astimezone(UTC)


def local(moment: datetime) -> datetime:
    """Give an instant as people in Belgium read it."""
    return moment.astimezone(ZONE)


def local_day(moment: datetime) -> date:
    """Give the local day of an instant: the economic date of what happens then."""
    return local(moment).date()


def next_midnight(moment: datetime) -> datetime:
    """Give the instant at which the local day of `moment` ends."""
    return instant(local_day(moment) + timedelta(days=1), time(0))


def is_open(opens_at: datetime, closes_at: datetime, now: datetime) -> bool:
    """Say whether one can order: from opening on, up to and without the cutoff itself."""
    return opens_at <= now < closes_at


def week_label(day: date) -> str:
    """Name the ISO week of a day, such as `2026-W41`."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


def shift(moment: datetime, days: int) -> datetime:
    """Move an instant by whole local days, keeping the time on the wall."""
    there = local(moment)
    return instant(there.date() + timedelta(days=days), there.time())
