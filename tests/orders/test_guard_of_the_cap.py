"""The 71st plate is refused by the database itself, whatever the code does."""

import importlib.util
import sqlite3
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, OperationalError

from shop.extensions import db
from shop.menu.models import Week
from shop.orders import services
from shop.orders.queries import mains_taken
from shop.transaction import transaction
from tests.conftest import NOON
from tests.factories import make_dish, make_order, make_plan, make_week

pytestmark = pytest.mark.usefixtures("context")

CAP = 3
MIGRATION = Path(__file__).parents[2] / "migrations" / "versions" / "0003_guard_of_the_cap.py"


def sold_out() -> Week:
    """Make a week whose three mains are sold: 1001 has two B, 1002 one C; 1003, one B, is cancelled."""
    dishes = [make_dish("Soupe", "starter", 300), make_dish("Yassa"), make_dish("Mafé")]
    week = make_week(dishes, make_plan(cap=4))
    make_order(week, A=1, B=2)
    make_order(week, A=1, C=1)
    make_order(week, B=1)
    with transaction():
        services.cancel_order(1003, NOON)
        week.cap = CAP
    return week


def write(statement: str, **values: object) -> None:
    with transaction():
        db.session.execute(text(statement), values)


def line(letter: str) -> int:
    found = db.session.scalar(text("SELECT id FROM menu_line WHERE letter = :letter"), {"letter": letter})
    assert found
    return int(found)


def insert_a_line() -> None:
    write(
        "INSERT INTO order_line (number, line_id, quantity, unit_price) VALUES (1001, :line, 1, 0)",
        line=line("C"),
    )


def grow_a_line() -> None:
    write(
        "UPDATE order_line SET quantity = quantity + 1 WHERE number = 1001 AND line_id = :line",
        line=line("B"),
    )


def turn_a_starter_into_a_main() -> None:
    write(
        "UPDATE order_line SET line_id = :line WHERE number = 1001 AND line_id = :old",
        line=line("C"),
        old=line("A"),
    )


def move_a_line_out_of_a_cancelled_order() -> None:
    write("UPDATE order_line SET number = 1002 WHERE number = 1003")


def restore_a_cancelled_order() -> None:
    write("UPDATE customer_order SET state = 'placed' WHERE number = 1003")


def lower_the_cap() -> None:
    write("UPDATE week SET cap = cap - 1")


def make_a_starter_a_main() -> None:
    write("UPDATE dish SET kind = 'main' WHERE kind = 'starter'")


def give_a_line_another_dish() -> None:
    write(
        "UPDATE menu_line SET dish_id = :dish WHERE letter = 'A'",
        dish=make_dish("Tajine").id,
    )


def move_an_order_into_the_week() -> None:
    other = make_week([make_dish("Couscous")], make_plan(1, cap=5))
    number = make_order(other, A=1, at=other.opens_at).number
    first = db.session.scalar(text("SELECT min(id) FROM week"))
    write("UPDATE customer_order SET week_id = :week WHERE number = :number", week=first, number=number)


WAYS = [
    insert_a_line,
    grow_a_line,
    turn_a_starter_into_a_main,
    move_a_line_out_of_a_cancelled_order,
    restore_a_cancelled_order,
    lower_the_cap,
    make_a_starter_a_main,
    give_a_line_another_dish,
    move_an_order_into_the_week,
]


@pytest.mark.parametrize("way", WAYS)
def test_no_way_leads_past_the_cap(way: Callable[[], None]) -> None:
    week = sold_out()
    with pytest.raises(IntegrityError, match="cap: more mains than the week has"):
        way()
    db.session.rollback()
    assert (mains_taken(week.id), week.cap) == (CAP, CAP)


@pytest.mark.tampers
@pytest.mark.parametrize("way", WAYS)
def test_without_the_guard_each_way_does(way: Callable[[], None]) -> None:
    week = sold_out()
    take_the_guard_away()
    way()
    assert mains_taken(week.id) > db.session.scalar(text("SELECT min(cap) FROM week"))


REPLACEMENTS = {
    "a line": """INSERT OR REPLACE INTO order_line (id, number, line_id, quantity, unit_price)
                 SELECT id, number, line_id, quantity + 1, unit_price FROM order_line""",
    "lines": "UPDATE OR REPLACE order_line SET quantity = quantity + 1",
    "lines, ignoring": "UPDATE OR IGNORE order_line SET quantity = quantity + 1",
    "an order": "REPLACE INTO customer_order SELECT {order} FROM customer_order WHERE number = 1003",
    "a week": "REPLACE INTO week SELECT {week} FROM week",
    "a dish": "REPLACE INTO dish SELECT {dish} FROM dish WHERE kind = 'starter'",
    "a menu line": """REPLACE INTO menu_line (id, week_id, dish_id, letter, position, price, quota)
                      SELECT id, week_id, (SELECT max(id) FROM dish), letter, position, price, quota
                      FROM menu_line WHERE letter = 'A'""",
}
CHANGES = {"order": {"state": "'placed'"}, "week": {"cap": "cap - 1"}, "dish": {"kind": "'main'"}}
TABLES = {"order": "customer_order", "week": "week", "dish": "dish"}


def columns(name: str) -> str:
    """List a table's columns, the one that matters changed."""
    rows = db.session.execute(text(f"PRAGMA table_info({TABLES[name]})"))
    return ", ".join(CHANGES[name].get(row[1], row[1]) for row in rows)


@pytest.mark.parametrize("what", REPLACEMENTS)
@pytest.mark.parametrize("recursive", ["ON", "OFF"])
def test_sqlite_does_not_replace_its_way_past_the_cap(what: str, recursive: str) -> None:
    week = sold_out()
    if db.engine.dialect.name != "sqlite":
        return
    make_dish("Tajine")
    statement = REPLACEMENTS[what].format(**{name: columns(name) for name in TABLES})
    db.session.rollback()
    with db.engine.connect() as connection:
        raw = connection.connection.driver_connection
        assert raw
        raw.execute(f"PRAGMA recursive_triggers={recursive}")
        raw.execute("PRAGMA foreign_keys=OFF")
        with pytest.raises(sqlite3.IntegrityError, match="cap:"):
            raw.execute(statement)
        raw.execute("PRAGMA foreign_keys=ON")
    assert mains_taken(week.id) == CAP


def test_what_only_takes_away_always_works() -> None:
    week = sold_out()
    write("UPDATE order_line SET quantity = 1 WHERE number = 1001")
    write("UPDATE customer_order SET state = 'no_show' WHERE number = 1002")
    write("DELETE FROM order_line WHERE number = 1001")
    write("UPDATE week SET cap = 0")
    assert mains_taken(week.id) == 0


INSERT = text("INSERT INTO order_line (number, line_id, quantity, unit_price) VALUES (:number, :line, 1, 0)")


def empty_orders() -> list[int]:
    """Make a week with one plate, and two orders that hold none yet."""
    week = make_week([make_dish("Soupe", "starter", 300), make_dish("Yassa")], make_plan(cap=1))
    numbers = [make_order(week, A=1).number for _ in range(2)]
    db.session.rollback()
    return numbers


@pytest.mark.postgres
def test_on_postgresql_the_guard_makes_writers_wait_that_hold_no_lock() -> None:
    numbers = empty_orders()
    if db.engine.dialect.name == "sqlite":
        return  # its write lock is not to be left out
    main = line("B")
    with db.engine.connect() as first, db.engine.connect() as second:
        second.execute(text("SET lock_timeout = '200ms'"))
        first.execute(INSERT, {"number": numbers[0], "line": main})
        with pytest.raises(OperationalError, match="lock timeout"):
            second.execute(INSERT, {"number": numbers[1], "line": main})


@pytest.mark.postgres
@pytest.mark.tampers
def test_without_its_row_lock_two_writers_sell_one_plate_twice() -> None:
    numbers = empty_orders()
    if db.engine.dialect.name == "sqlite":
        return
    main = line("B")
    check = next(one for one in migration().guards("postgresql") if "FUNCTION cap_check" in one)
    lockless = check.replace("CREATE", "CREATE OR REPLACE").replace("FOR NO KEY UPDATE", "")
    write(lockless)
    with db.engine.connect() as first, db.engine.connect() as second:
        first.execute(INSERT, {"number": numbers[0], "line": main})
        second.execute(INSERT, {"number": numbers[1], "line": main})
        first.commit()
        second.commit()
    assert mains_taken(1) == 2


def take_the_guard_away() -> None:
    with transaction():
        migration().drop_guards(db.session.connection())


def migration() -> ModuleType:
    spec = importlib.util.spec_from_file_location("migration", MIGRATION)
    assert spec
    assert spec.loader
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found
