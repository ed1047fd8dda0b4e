"""A long journal taken away over HTTP, beside a bare cursor that writes the same cells with `csv`."""

import csv
import sqlite3
import statistics
import time
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

from shop.extensions import db
from shop.pages import Role
from tests.bench.servers import cpu, gunicorn
from tests.conftest import environment, make_app
from tests.factories import PASSPHRASE, make_member
from tests.load.customer import Customer
from tests.load.history import Past, write_past
from tests.mail_server import free_port

PATH = "/treasury/exports/journal.csv"
BARE = (
    "SELECT e.seq, e.date, e.recorded_on, e.kind, e.document, e.label, a.code, a.label, p.activity, p.cents,"
    " p.cents, e.role, e.reverses FROM posting p JOIN journal_entry e ON e.seq = p.entry"
    " JOIN account a ON a.code = p.account ORDER BY p.entry, p.line"
)
ROUNDS = 3
PIECE = 64 * 1024


@dataclass(frozen=True)
class Speed:
    """How an export did: its rate beside the bare cursor's, by CPU and by the clock, and its lines.

    `first_byte` is the share of its time until the first byte came; `growth` by how many MB the server's peak
    grew from a tenth of the rows to all.
    """

    by_cpu: float
    by_clock: float
    first_byte: float
    growth: float
    lines: int


def write_books(url: str, folder: Path, postings: int) -> Path:
    """Write so many postings into a migrated SQLite shop, with a treasurer; give the database's file."""
    app = make_app(url, folder)
    with app.app_context():
        write_past(Past(100, 20, postings))
        make_member("Sauge", [Role.TREASURER])
        db.session.remove()
        db.engine.dispose()
    return folder / "shop.db"


def measure(url: str, file: Path) -> Speed:
    """Download the journal and write it bare, in turn; each time is the median of some rounds."""
    port = free_port()
    with gunicorn("wsgi:app", port, **environment(url)) as worker:
        treasurer = Customer(port)
        treasurer.sign_in("Sauge", PASSPHRASE)
        tenth = _day_of_the_tenth(file)
        download(treasurer, f"{PATH}?to={tenth}")
        before = _peak(worker)
        rounds = [_round(treasurer, worker, file) for _ in range(ROUNDS)]
        growth = (_peak(worker) - before) / 1024
    by_cpu, by_clock, first, lines = zip(*rounds, strict=True)
    middle = [statistics.median(values) for values in (by_cpu, by_clock, first)]
    return Speed(*middle, growth, lines[0])


def _round(treasurer: Customer, worker: int, file: Path) -> tuple[float, float, float, int]:
    used, begun = cpu(worker), time.perf_counter()
    first, lines = download(treasurer, PATH)
    used, took = cpu(worker) - used, time.perf_counter() - begun
    bare_used, begun = time.process_time(), time.perf_counter()
    write_bare(file)
    return (
        (time.process_time() - bare_used) / used, (time.perf_counter() - begun) / took, first / took, lines,
    )  # fmt: skip


def download(treasurer: Customer, path: str) -> tuple[float, int]:
    """Fetch a file piece by piece; gives the seconds until the first byte, and how many lines there were."""
    headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in treasurer.cookies.items())}
    begun, first, lines = time.perf_counter(), 0.0, 0
    with closing(HTTPConnection("127.0.0.1", treasurer.port, timeout=600)) as line:
        line.request("GET", path, headers=headers)
        answer = line.getresponse()
        assert answer.status == 200, answer.status
        while piece := answer.read1(PIECE):
            first = first or time.perf_counter() - begun
            lines += piece.count(b"\n")
    return first, lines


def write_bare(file: Path) -> None:
    """Write the same cells as they lie there, with nothing between the cursor and `csv`."""
    with (
        closing(sqlite3.connect(file)) as connection,
        (file.parent / "bare.csv").open("w", newline="") as paper,
    ):
        csv.writer(paper, delimiter=";").writerows(connection.execute(BARE))


def _day_of_the_tenth(file: Path) -> str:
    """Give the day until which about a tenth of the postings lie."""
    with closing(sqlite3.connect(file)) as connection:
        many = connection.execute("SELECT count(*) FROM journal_entry").fetchone()[0]
        wanted = "SELECT date FROM journal_entry ORDER BY date LIMIT 1 OFFSET ?"
        return str(connection.execute(wanted, [many // 10]).fetchone()[0])


def _peak(process: int) -> int:
    """Give the most kB that a process ever held."""
    status = Path(f"/proc/{process}/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0])
