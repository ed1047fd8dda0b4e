"""What the database is asked, counted by SQLite itself: nothing that goes past SQLAlchemy is missed."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine, event

APART = ("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA", "--")
"""What begins and ends a transaction, and the lines of triggers, which SQLite tells as comments."""

WRITES = ("INSERT", "UPDATE", "DELETE")


@dataclass
class Counted:
    """The statements of a block, and the steps that SQLite's virtual machine took for them."""

    statements: list[str] = field(default_factory=list)
    steps: int = 0


@contextmanager
def counted(engine: Engine, steps: bool = False) -> Iterator[Counted]:
    """Count what every connection of an SQLite engine does in the block; `steps` too, which is slow."""
    found, connections = Counted(), []

    def note(statement: str) -> None:
        # A writing statement is told again after each of its triggers; its values say that it is the same.
        again = statement.startswith(WRITES) and statement in found.statements[-1:]
        if not statement.startswith(APART) and not again:
            found.statements.append(statement)

    def step() -> int:
        found.steps += 1
        return 0

    def watch(connection: Any, _record: object, _proxy: object) -> None:
        connections.append(connection)
        connection.set_trace_callback(note)
        connection.set_progress_handler(step if steps else None, 1)

    event.listen(engine, "checkout", watch)
    try:
        yield found
    finally:
        event.remove(engine, "checkout", watch)
        for connection in connections:
            connection.set_trace_callback(None)
            connection.set_progress_handler(None, 1)
