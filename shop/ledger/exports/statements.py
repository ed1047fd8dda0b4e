"""The two annual statements of an association, for one seller, with the year before beside.

Source: royal decree of 26 June 2003 on the simplified books of associations, annexes B and C; all the rows
that it names stand there, even where they are empty, and ours come after them.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Connection

from shop.ledger.books.models import JournalEntry
from shop.ledger.exports import cash_book, reads
from shop.ledger.exports.reads import Scope
from shop.ledger.exports.rules import ASSETS, DEBTS, PLEDGES, RECEIVED, RIGHTS, SPENT, standing_under
from shop.ledger.exports.tables import Column, Row, Table, Tone, euros

FUNDS = "Fonds affectés"


@dataclass(frozen=True)
class CashYear:
    """A year, or a part of one, in the cash book: sums in cents by heading."""

    spent: Counter[str]
    received: Counter[str]
    opened: int
    before: int
    after: int


def etat(connection: Connection, scope: Scope) -> Table:
    """Make the statement of expenses and receipts: what was paid and what came in, never what is owed."""
    years = list(reversed(years_of(scope)))
    name = reads.sellers(connection)[scope.activities[0]]
    columns = (Column("Rubrique", width=40), *euros(*(_name(year) for year in years)))
    return Table("État", f"État des dépenses et recettes · {name}", columns, _etat_rows(connection, years))


def patrimoine(connection: Connection, scope: Scope) -> Table:
    """Make the statement of assets at the scope's last day and at the same day a year before."""
    days = [scope.last, a_year_before(scope.last)]
    activity = scope.activities[0]
    name = reads.sellers(connection)[activity]
    columns = (Column("Rubrique", width=44), *euros(*(f"Au {day:%d/%m/%Y}" for day in days)))
    return Table(
        "Patrimoine", f"État du patrimoine · {name}", columns, _wealth_rows(connection, activity, days)
    )


def years_of(scope: Scope) -> list[Scope]:
    """Cut a scope into its calendar years, oldest first, after the same days of the year before."""
    years = range(scope.first.year, scope.last.year + 1)
    cut = [
        Scope(max(scope.first, date(year, 1, 1)), min(scope.last, date(year, 12, 31)), scope.activities)
        for year in years
    ]
    before = Scope(a_year_before(cut[0].first), a_year_before(cut[0].last), scope.activities)
    return [before, *cut]


def a_year_before(day: date) -> date:
    """Give the same day a year before; of 29 February, the 28th."""
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)


def _cash_year(connection: Connection, scope: Scope) -> CashYear:
    spent: Counter[str] = Counter()
    received: Counter[str] = Counter()
    before = sum(reads.liquid_before(connection, scope.activities[0], scope.first).values())
    came = 0
    for line in cash_book.lines(connection, scope, scope.activities[0]):
        spent.update(line.spent)
        received.update(line.received)
        came += sum(flow.came - flow.went for flow in line.flows.values())
    after = reads.liquid_before(connection, scope.activities[0], scope.last + timedelta(days=1))
    held = sum(after.values())
    return CashYear(spent, received, held - before - came, before, held)


def _etat_rows(connection: Connection, scopes: Sequence[Scope]) -> Iterator[Row]:
    years = [_cash_year(connection, scope) for scope in scopes]
    yield Row(("Dépenses",), Tone.TITLE)
    yield from (_row(heading, [year.spent[heading] for year in years]) for heading in SPENT)
    yield _row("Total des dépenses", [year.spent.total() for year in years], Tone.TOTAL)
    yield Row(("Recettes",), Tone.TITLE)
    yield from (_row(heading, [year.received[heading] for year in years]) for heading in RECEIVED)
    yield _row("Total des recettes", [year.received.total() for year in years], Tone.TOTAL)
    rest = [year.received.total() - year.spent.total() for year in years]
    yield _row("Recettes moins dépenses", rest, Tone.TOTAL)
    yield Row(("Liquidités",), Tone.TITLE)
    yield _row("Au début", [year.before for year in years])
    yield _row("Soldes d’ouverture inscrits", [year.opened for year in years])
    yield _row("Recettes moins dépenses", rest)
    yield _row("À la fin", [year.after for year in years], Tone.TOTAL)


def _wealth(connection: Connection, activity: str, day: date) -> Counter[str]:
    """Sum what stands on a day under each heading and, under `Fonds affectés`, in each fund by its label."""
    chart = reads.chart(connection)
    found: Counter[str] = Counter()
    for account, cents in reads.sums(connection, JournalEntry.date <= day, activity):
        line = chart[account]
        if line.statement_heading:
            heading, shown = standing_under(line.statement_heading, cents)
            found[heading] += shown
            if heading == FUNDS:
                found[f"{FUNDS} : {line.label}"] += shown
    return found


def _wealth_rows(connection: Connection, activity: str, dates: Sequence[date]) -> Iterator[Row]:
    days = [_wealth(connection, activity, day) for day in dates]
    yield from _section("Avoirs", ASSETS, days)
    yield from _section("Dettes", DEBTS, days)
    rest = [_total(ASSETS, day) - _total(DEBTS, day) for day in days]
    yield _row("Avoirs moins dettes", rest, Tone.TOTAL)
    yield from _section("Droits", RIGHTS, days)
    yield from _section("Engagements", PLEDGES, days)
    names = sorted({name for day in days for name in day if name.startswith(f"{FUNDS} : ")})
    yield from (_row(name.replace(f"{FUNDS} : ", "dont "), [day[name] for day in days]) for name in names)
    free = [cents - day[FUNDS] for cents, day in zip(rest, days, strict=True)]
    yield _row("Avoirs moins dettes et fonds affectés", free, Tone.TOTAL)


def _section(title: str, headings: Sequence[str], days: Sequence[Counter[str]]) -> Iterator[Row]:
    yield Row((title,), Tone.TITLE)
    yield from (_row(heading, [day[heading] for day in days]) for heading in headings)
    yield _row(f"Total : {title.lower()}", [_total(headings, day) for day in days], Tone.TOTAL)


def _total(headings: Sequence[str], day: Counter[str]) -> int:
    return sum(day[heading] for heading in headings)


def _row(words: str, cents: Sequence[int], tone: Tone = Tone.PLAIN) -> Row:
    return Row((words, *cents), tone)


def _name(year: Scope) -> str:
    whole = (year.first.month, year.first.day, year.last.month, year.last.day) == (1, 1, 12, 31)
    return str(year.first.year) if whole else f"{year.first:%d/%m/%Y} – {year.last:%d/%m/%Y}"
