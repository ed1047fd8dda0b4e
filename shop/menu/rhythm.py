"""How a group's weeks run, said once at the start: what a first week is proposed from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from shop.menu.rules import Plan, Slot
from shop.weeks import instant, local_day

TUESDAY, THURSDAY, FRIDAY = 1, 3, 4


@dataclass(frozen=True, order=True)
class Turn:
    """A day of the week, Monday being 0, and a time on the wall."""

    day: int
    at: time


@dataclass(frozen=True)
class Rhythm:
    """When orders open and close, when and where food is fetched, how many plates.

    A pick-up from `fetched.at` until `until` is cut into slots of `slot_minutes`; 0 makes one slot of it.
    """

    opens: Turn = field(default=Turn(FRIDAY, time(10)))
    closes: Turn = field(default=Turn(TUESDAY, time(18)))
    fetched: Turn = field(default=Turn(THURSDAY, time(17)))
    until: time = time(19)
    slot_minutes: int = 60
    cap: int = 70
    place: str = ""

    @property
    def slots(self) -> list[tuple[time, time]]:
        """Cut the pick-up into slots; what is left at the end is a shorter one."""
        day = date.min
        start, end = datetime.combine(day, self.fetched.at), datetime.combine(day, self.until)
        step = timedelta(minutes=self.slot_minutes) or max(end - start, timedelta(minutes=1))
        found = []
        while start < end:
            found.append((start.time(), min(start + step, end).time()))
            start += step
        return found


def first_plan(now: datetime, rhythm: Rhythm | None = None) -> Plan:
    """Propose a week that opens today or later; as nobody said it, from Friday 10 h to Tuesday 18 h."""
    said = rhythm or Rhythm()
    opens_on = _next(local_day(now), said.opens.day)
    closes_on = _after(opens_on, said.opens, said.closes)
    fetched_on = _after(closes_on, said.closes, said.fetched)
    slots = tuple(Slot(instant(fetched_on, start), instant(fetched_on, end)) for start, end in said.slots)
    opens_at, closes_at = instant(opens_on, said.opens.at), instant(closes_on, said.closes.at)
    return Plan(opens_at, closes_at, slots, said.cap, None, said.place)


def written(rhythm: Rhythm) -> dict[str, Any]:
    """Write a rhythm as a setting keeps it."""
    turns = {"opens": rhythm.opens, "closes": rhythm.closes, "fetched": rhythm.fetched}
    return {
        **{name: [turn.day, f"{turn.at:%H:%M}"] for name, turn in turns.items()},
        "until": f"{rhythm.until:%H:%M}",
        "slot_minutes": rhythm.slot_minutes,
        "cap": rhythm.cap,
        "place": rhythm.place,
    }


def read(kept: Mapping[str, Any]) -> Rhythm:
    """Read a rhythm as a setting keeps it."""
    turns = {name: Turn(kept[name][0], _time(kept[name][1])) for name in ("opens", "closes", "fetched")}
    return Rhythm(
        **turns,
        until=_time(kept["until"]),
        slot_minutes=kept["slot_minutes"],
        cap=kept["cap"],
        place=kept["place"],
    )


def _time(text: str) -> time:
    return time.fromisoformat(text)


def _next(day: date, weekday: int) -> date:
    return day + timedelta(days=(weekday - day.weekday()) % 7)


def _after(day: date, before: Turn, turn: Turn) -> date:
    """Give the first day of a turn that comes after another, which is on `day`."""
    found = _next(day, turn.day)
    return found if (found, turn.at) > (day, before.at) else found + timedelta(days=7)
