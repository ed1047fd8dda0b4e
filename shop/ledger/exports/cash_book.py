"""The livre-journal: the Belgian cash book of one seller, a line for each movement of liquid money."""

from collections import Counter
from collections.abc import Iterator, Mapping
from functools import partial

from sqlalchemy import Connection

from shop.ledger.exports import reads
from shop.ledger.exports.reads import Scope
from shop.ledger.exports.rules import RECEIVED, SPENT, CashLine, cash_lines
from shop.ledger.exports.tables import Cell, Column, Holds, Row, Table, Tone, euros
from shop.ledger.exports.words import entry_words

HELD, BROUGHT_FORWARD = "Solde", "Solde reporté"


def cash_book(connection: Connection, scope: Scope, totals: bool = True) -> Table:
    """Make the book of the scope's first seller; with a line of totals where wanted."""
    activity = scope.activities[0]
    chart = reads.chart(connection)
    money = {code: chart[code].label for code in reads.money_accounts(connection, activity)}
    name = reads.sellers(connection)[activity]
    title = f"Livre-journal · {name} · du {scope.first:%d/%m/%Y} au {scope.last:%d/%m/%Y}"
    columns, rows = _columns(money), _rows(connection, scope, tuple(money), totals)
    return Table("Livre-journal", title, columns, rows, 3, partial(_carried, columns))


def lines(connection: Connection, scope: Scope, activity: str) -> Iterator[CashLine]:
    """Give a seller's lines within the scope; the first one goes on counting in its year."""
    headings = {code: account.cash_heading for code, account in reads.chart(connection).items()}
    held = reads.liquid_before(connection, activity, scope.first)
    begun = (scope.first.year, reads.numbers_given(connection, activity, scope.first))
    return cash_lines(reads.moved(connection, scope, activity), headings, held, begun)


def _columns(money: Mapping[str, str]) -> tuple[Column, ...]:
    flows = (column for label in money.values() for column in euros("Entrées", "Sorties", HELD, group=label))
    return (
        Column("N° pièce", Holds.NUMBER, width=8),
        Column("Date", Holds.DAY, width=11),
        Column("Libellé", width=36),
        *euros(*SPENT, "Total", group="Dépenses"),
        *euros(*RECEIVED, "Total", group="Recettes"),
        *euros("Transferts internes"),
        *flows,
        Column("Pièce citée", width=18),
        Column("Écriture", Holds.NUMBER, width=9),
    )


def _carried(columns: tuple[Column, ...], last: Row) -> Row:
    """Say on a further sheet what was held at the end of the one before."""
    cells = zip(columns[3:], last.cells[3:], strict=False)
    held = (cell if column.title == HELD else None for column, cell in cells)
    return Row((None, last.cells[1], BROUGHT_FORWARD, *held), Tone.TITLE)


def _rows(connection: Connection, scope: Scope, money: tuple[str, ...], totals: bool) -> Iterator[Row]:
    held = Counter(reads.liquid_before(connection, scope.activities[0], scope.first))
    seq, seal = reads.head(connection)
    if any(held.values()):
        yield Row((None, scope.first, BROUGHT_FORWARD, *_without_flows(held, money)), Tone.TITLE)
    sums: Counter[int] = Counter()
    for line in lines(connection, scope, scope.activities[0]):
        held.update({code: flow.held - held[code] for code, flow in line.flows.items()})
        amounts = _amounts(line, held, money)
        sums.update({place: cents for place, cents in enumerate(amounts) if isinstance(cents, int)})
        entry = line.entry
        words = entry_words(entry.kind, entry.event, entry.document, entry.label, entry.shop)
        yield Row((line.number, entry.date, words, *amounts, entry.document, entry.seq))
    if totals:
        yield Row((None, scope.last, "Total", *_totals(sums, held, money)), Tone.TOTAL)
    yield Row((None, None, f"Sceau de l’écriture {seq} : {seal}"), Tone.GREY)


def _amounts(line: CashLine, held: Mapping[str, int], money: tuple[str, ...]) -> list[Cell]:
    spent = [line.spent.get(heading) for heading in SPENT]
    received = [line.received.get(heading) for heading in RECEIVED]
    flows: list[Cell] = []
    for code in money:
        flow = line.flows.get(code)
        flows += [flow.came or None if flow else None, flow.went or None if flow else None, held[code]]
    totals = [sum(line.spent.values()) or None, sum(line.received.values()) or None]
    return [*spent, totals[0], *received, totals[1], line.moved or None, *flows]


def _without_flows(held: Mapping[str, int], money: tuple[str, ...]) -> list[Cell]:
    before: list[Cell] = [None] * (len(SPENT) + len(RECEIVED) + 3)
    return before + [cell for code in money for cell in (None, None, held[code])]


def _totals(sums: Mapping[int, int], held: Mapping[str, int], money: tuple[str, ...]) -> list[Cell]:
    first = len(SPENT) + len(RECEIVED) + 3
    flows = [
        cell
        for place, code in enumerate(money)
        for cell in (sums.get(first + 3 * place, 0), sums.get(first + 3 * place + 1, 0), held[code])
    ]
    return [*(sums.get(place, 0) for place in range(first)), *flows]
