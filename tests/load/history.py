"""Years of weeks and books written at once: sealed and chained as the services do it, but in bulk."""

import importlib.util
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Table, insert

from config import ROOT
from shop.extensions import db
from shop.ledger.books.models import Balance, Cycle, JournalEntry, Posting
from shop.ledger.books.rules import GENESIS, HASH_VERSION, Entry, EntryKind, Leg, chain_hash, fingerprint
from shop.menu.models import Dish, MenuLine, PickupSlot, Week
from shop.menu.rules import DishKind, WeekState
from shop.orders.models import Order, OrderLine
from shop.orders.rules import OrderSource, OrderState
from shop.transaction import transaction
from shop.vault import token_hash
from shop.weeks import local_day, shift, week_label
from tests.factories import CLOSES, OPENS, SLOT

GUARDS = ("0002_guards_of_the_books", "0003_guard_of_the_cap")
DISHES = 40
PRICE = 850
CHUNK = 5000


@dataclass(frozen=True)
class Past:
    """How much went before: weeks that are over, orders in each, and postings in all."""

    weeks: int
    orders: int
    postings: int


def write_past(past: Past) -> None:
    """Write it into an empty shop, guards off; afterwards they stand again. The last week is last week."""
    with transaction():
        connection = db.session.connection()
        drop_guards(connection)
        _insert(Dish, _dishes())
        for table, rows in _weeks(past.weeks).items():
            _insert(table, rows)
        _insert(Order, _orders(past))
        _insert(OrderLine, _order_lines(past))
        _write_books(past)
        for name in GUARDS:
            for statement in _migration(name).guards(connection.dialect.name):
                connection.exec_driver_sql(statement)


def drop_guards(connection: Connection, names: Iterable[str] = GUARDS) -> None:
    """Take the guards of the books and of the cap away, or those that are named."""
    for name in names:
        _migration(name).drop_guards(connection)


def _dishes() -> Iterator[dict[str, object]]:
    for number in range(1, DISHES + 1):
        kind = DishKind.MAIN if number % 2 else DishKind.STARTER
        empty: dict[str, object] = {"contents": {}, "diets": [], "allergens": []}
        yield {"id": number, "kind": kind, "names": {"fr": f"Plat {number}"}, "price": PRICE, **empty}


def _weeks(many: int) -> dict[type, list[dict[str, object]]]:
    """Make the weeks' own rows: week n has slot n and lines 4n - 3 to 4n; its books are closed."""
    weeks, slots, lines, cycles = [], [], [], []
    for week in range(1, many + 1):
        opens_at, closes_at, slot = (shift(at, 7 * (week - many - 1)) for at in (OPENS, CLOSES, SLOT))
        label, day = week_label(local_day(slot)), local_day(slot)
        times = {"opens_at": opens_at, "closes_at": closes_at}
        weeks.append({"id": week, "label": label, "state": WeekState.CLOSED, "cap": 999, **times})
        slots.append({"id": week, "week_id": week, "starts_at": slot, "ends_at": slot + timedelta(hours=1)})
        for place in range(4):
            dish = (2 * week + place) % DISHES + 1
            line = {"id": 4 * week - 3 + place, "week_id": week, "dish_id": dish, "letter": "ABCD"[place]}
            lines.append({**line, "position": place, "price": PRICE})
        cycle = {"id": week, "activity": "meals", "label": label, "closed_seq": 0}
        cycles.append({**cycle, "starts_on": day - timedelta(days=3), "closed_on": day})
    return {Week: weeks, PickupSlot: slots, MenuLine: lines, Cycle: cycles}


def _orders(past: Past) -> Iterator[dict[str, object]]:
    for number, week in _numbers(past):
        at = _evening(past, week)
        yield {
            "number": number,
            "week_id": week,
            "slot_id": week,
            "state": OrderState.PICKED_UP,
            "source": OrderSource.WEB,
            "language": "fr",
            "token_hash": token_hash(str(number)),
            "form_id": f"past-order-{number}",
            "placed_at": at,
            "changed_at": at,
            "revision": 2,
        }


def _order_lines(past: Past) -> Iterator[dict[str, object]]:
    for number, week in _numbers(past):
        for line in range(4 * week - 3, 4 * week + 1):
            yield {"number": number, "line_id": line, "quantity": 1, "unit_price": PRICE}


def _numbers(past: Past) -> Iterator[tuple[int, int]]:
    """Give each order's number and its week."""
    for turn in range(past.weeks * past.orders):
        yield 1001 + turn, 1 + turn // past.orders


def _evening(past: Past, week: int) -> datetime:
    return shift(SLOT, 7 * (week - past.weeks - 1))


def _write_books(past: Past) -> None:
    """Chain the entries and sum them into the balances, as sealing does."""
    held: Counter[tuple[str, str, str]] = Counter()
    chain = _chain(_entries(past), held)
    while rows := list(islice(chain, CHUNK)):
        _insert(JournalEntry, [entry for entry, _ in rows])
        _insert(Posting, (leg for _, legs in rows for leg in legs))
    sums = [
        {"account": account, "activity": activity, "subject": subject, "cents": cents}
        for (account, activity, subject), cents in held.items()
    ]
    _insert(Balance, sums)


def _chain(
    entries: Iterable[Entry], held: Counter[tuple[str, str, str]]
) -> Iterator[tuple[dict[str, object], list[dict[str, object]]]]:
    prev_hash = GENESIS
    for seq, entry in enumerate(entries, 1):
        stated = fingerprint(entry)
        own_hash = chain_hash(seq, entry, stated, entry.date, prev_hash)
        columns = {name: getattr(entry, name) for name in ("date", "kind", "document", "label", "role")}
        chained = {"prev_hash": prev_hash, "hash": own_hash, "hash_version": HASH_VERSION, "sealed": True}
        row = {"seq": seq, "idempotency_key": entry.key, "fingerprint": stated, "recorded_on": entry.date}
        legs = []
        for line, leg in enumerate(entry.legs, 1):
            held[leg.account, leg.activity, ""] += leg.cents
            legs.append({"entry": seq, "line": line, **vars(leg)})
        yield {**row, **columns, **chained}, legs
        prev_hash = own_hash


def _entries(past: Past) -> Iterator[Entry]:
    """Give each order's sale and payment, then gifts and purchases in turn to fill the books."""
    written = 0
    due = 4 * PRICE
    for number, week in _numbers(past):
        document, day = f"order:{number}", local_day(_evening(past, week))
        legs = (Leg("400000", due), Leg("700100", -due))
        yield _entry(f"{document}:handed-over", EntryKind.HAND_OVER, day, document, legs)
        legs = (Leg("570100", due), Leg("400000", -due))
        yield _entry(f"{document}:paid:1", EntryKind.PAYMENT, day, document, legs)
        written += 4
    for turn in range((past.postings - written) // 2):
        day = local_day(_evening(past, 1 + turn * past.weeks * 2 // past.postings % past.weeks))
        document = f"cost:{turn}"
        gift = turn % 2 == 0
        legs = (
            (Leg("570100", 500), Leg("731000", -500)) if gift else (Leg("600100", 300), Leg("570100", -300))
        )
        yield _entry(document, EntryKind.GIFT if gift else EntryKind.COST, day, document, legs)


def _entry(key: str, kind: EntryKind, day: date, document: str, legs: tuple[Leg, ...]) -> Entry:
    return Entry(key, kind, day, document, "", "organiser", legs)


def _insert(model: Any, rows: Iterable[dict[str, object]]) -> None:
    table: Table = model.__table__
    rest = iter(rows)
    while chunk := list(islice(rest, CHUNK)):
        db.session.execute(insert(table), chunk)


def _migration(name: str) -> Any:
    spec = importlib.util.spec_from_file_location(name, ROOT / "migrations" / "versions" / f"{name}.py")
    assert spec
    assert spec.loader
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found
