"""transaction(): one commit, everything or nothing, and a full or locked database says 503."""

import sqlite3
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from shop.errors import Busy
from shop.extensions import WRITE, db
from shop.outbox import Letter, write_letter
from shop.pages import public
from shop.schema import database_file
from shop.transaction import after_commit, transaction
from shop.vault import Sealed
from tests.conftest import NOON


class Stop(Exception):
    """What ends a block in the middle."""


def write(key: str, text: str = "x") -> None:
    """Write a row, inside the open transaction."""
    write_letter(key, Sealed("house", text), NOON)


def keys() -> list[str]:
    """Read what was committed."""
    db.session.rollback()
    return list(db.session.scalars(select(Letter.key).order_by(Letter.key)))


def _write_and_stop(then: Callable[[], None] = lambda: None) -> None:
    write("a")
    db.session.flush()
    after_commit(then)
    raise Stop


def _write_in_another() -> None:
    write("a")
    with transaction():
        write("b")


def test_everything_is_committed_at_the_end(context: None) -> None:
    with transaction():
        write("a")
        write("b")
    assert keys() == ["a", "b"]


def test_nothing_is_where_the_block_raises(context: None) -> None:
    with pytest.raises(Stop), transaction():
        _write_and_stop()
    assert keys() == []
    with transaction():
        write("b")
    assert keys() == ["b"]


def test_a_transaction_in_a_transaction_is_refused_and_undoes_both(context: None) -> None:
    with pytest.raises(RuntimeError, match="already open"), transaction():
        _write_in_another()
    assert keys() == []


def test_what_waits_for_the_commit_runs_after_it_and_once(context: None) -> None:
    seen: list[list[str]] = []
    with transaction():
        write("a")
        after_commit(lambda: seen.append(keys()))
        assert seen == []
    assert seen == [["a"]]
    with transaction():
        write("b")
    assert seen == [["a"]]


def test_what_waits_for_the_commit_does_not_run_without_it(context: None) -> None:
    seen: list[int] = []
    with pytest.raises(Stop), transaction():
        _write_and_stop(then=lambda: seen.append(1))
    with transaction():
        pass
    assert seen == []


def test_what_was_read_before_is_read_anew(context: None) -> None:
    with transaction():
        write("a")
    letter = db.session.scalars(select(Letter)).one()
    assert letter.tries == 0
    with db.engine.connect().execution_options(**{WRITE: True}) as other:
        other.execute(Letter.__table__.update().values(tries=7))  # type: ignore[attr-defined]
        other.commit()
    with transaction():
        assert db.session.scalars(select(Letter)).one().tries == 7


def serve_writes(app: Flask, text: str) -> None:
    """Add a page that writes this much."""

    @public
    def view() -> str:
        with transaction():
            write("first")
            write("second", text)
        return "done"

    app.add_url_rule("/write", view_func=view)


@pytest.mark.sqlite_only
@pytest.mark.reshapes
def test_a_locked_database_is_busy_and_said_with_503(app: Flask, client: FlaskClient) -> None:
    serve_writes(app, "x")
    with app.app_context():
        file = database_file()
        _on_each_connection(lambda raw: raw.execute("PRAGMA busy_timeout=50"))
    assert file
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    answer = client.get("/write")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    with app.app_context(), pytest.raises(Busy), transaction():
        pass
    other.execute("ROLLBACK")
    other.close()
    assert client.get("/write").text == "done"


@pytest.mark.sqlite_only
@pytest.mark.reshapes
def test_a_full_disk_says_503_and_leaves_nothing_half_written(app: Flask, client: FlaskClient) -> None:
    serve_writes(app, "x" * 100_000)
    with app.app_context():
        _on_each_connection(_fill)
    answer = client.get("/write")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Letter)) == 0
        _on_each_connection(lambda raw: raw.execute("PRAGMA max_page_count=1000000"))
    assert client.get("/write").text == "done"


def _fill(raw: sqlite3.Connection) -> None:
    (pages,) = raw.execute("PRAGMA page_count").fetchone()
    raw.execute(f"PRAGMA max_page_count={pages + 2}")


def _on_each_connection(change: Callable[[sqlite3.Connection], object]) -> None:
    """Change the one connection that the pool holds, which the next request gets."""
    db.session.remove()
    pooled = db.engine.raw_connection()
    change(pooled.driver_connection)  # type: ignore[arg-type]
    pooled.close()
