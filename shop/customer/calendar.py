"""The calendar file of an order: when, and the link; the place stands on the private page only."""

from datetime import datetime

from icalendar import Calendar, Event


def calendar_file(summary: str, link: str, starts_at: datetime, ends_at: datetime, number: int) -> bytes:
    """Make an iCalendar file with one event."""
    event = Event()
    event.add("uid", f"order-{number}@tablee")
    event.add("summary", summary)
    event.add("description", link)
    event.add("url", link)
    event.add("dtstart", starts_at)
    event.add("dtend", ends_at)
    event.add("dtstamp", starts_at)
    calendar = Calendar()
    calendar.add("prodid", "-//Tablee//FR")
    calendar.add("version", "2.0")
    calendar.add_component(event)
    written: bytes = calendar.to_ical()
    return written
