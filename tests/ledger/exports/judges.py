"""Three programs that we did not write read the books and say what each account holds."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

from shop.extensions import db
from shop.ledger.books import queries
from shop.ledger.exports import reads
from shop.ledger.exports.formats import FORMATS, pieces, scope_of
from shop.ledger.exports.plain_text import account_name
from shop.money import decimal

TODAY = date(2026, 11, 23)
BEAN_CHECK = Path(sys.executable).parent / "bean-check"
CHECKS: Mapping[str, tuple[str, ...]] = {
    "hledger": ("hledger", "check", "-s", "-f"),
    "ledger": ("ledger", "--pedantic", "--args-only", "balance", "-f"),
    "beancount": (str(BEAN_CHECK),),
}
"""How each program is asked whether a text is right."""


def texts(first: date | None = None, last: date | None = None, *sellers: str) -> dict[str, str]:
    """Export the books of the shop one stands in, for each of the programs."""
    return {
        name: b"".join(pieces(FORMATS[name], scope_of(FORMATS[name], first, last, sellers, TODAY))).decode()
        for name in CHECKS
    }


def judge(folder: Path, found: Mapping[str, str] | None = None) -> None:
    """Have all three programs accept the books, and each of our balances to the cent. Stands in the shop."""
    found, ours = found or texts(), balances()
    refusals = refusals_of(folder, {**found, "beancount": found["beancount"] + stated(ours)})
    assert refusals == {}, refusals
    for name, read in {"hledger": _by_hledger(folder), "ledger": _by_ledger(folder)}.items():
        assert read == ours, f"{name}: {set(read.items()) ^ set(ours.items())}"


def balances() -> dict[str, int]:
    """Give what our own trial balance says, by the names in the texts, in cents."""
    with reads.snapshot(db.engine) as connection:
        chart = reads.chart(connection)
    return {account_name(chart[line.code], line.activity): line.cents for line in queries.trial_balance()}


def refusals_of(folder: Path, found: Mapping[str, str]) -> dict[str, str]:
    """Give, for each program that refuses its text, what it says."""
    refusals = {}
    for name, text in found.items():
        file = folder / f"books.{name}"
        file.write_text(text, encoding="ascii")
        done = _run(*CHECKS[name], str(file))
        if done.returncode:
            refusals[name] = done.stdout[-400:] + done.stderr[-400:]
    return refusals


def refused_by(folder: Path, found: Mapping[str, str]) -> set[str]:
    """Name the programs that refuse their text."""
    return set(refusals_of(folder, found))


def _by_hledger(folder: Path) -> dict[str, int]:
    done = _run("hledger", "balance", "-N", "--flat", "-O", "csv", "-f", str(folder / "books.hledger"))
    return _read(re.findall(r'^"([^"]+)","([^"]+)"$', done.stdout, re.MULTILINE)[1:])


def _by_ledger(folder: Path) -> dict[str, int]:
    shape = r"%(account)\t%(amount)\n"
    command = ("ledger", "--args-only", "-f", str(folder / "books.ledger"), "balance", "--flat", "--no-total")
    done = _run(*command, "--balance-format", shape)
    return _read(line.split("\t") for line in done.stdout.splitlines())


def _read(pairs: Iterable[Iterable[str]]) -> dict[str, int]:
    found = {}
    for account, amount in pairs:
        number = amount.removesuffix(" EUR")
        euros, _, cents = number.removeprefix("-").partition(".")
        found[account] = (-1 if number.startswith("-") else 1) * (
            int(euros) * 100 + int(cents.ljust(2, "0") or 0)
        )
    return {account: cents for account, cents in found.items() if cents}


def stated(balances: Mapping[str, int]) -> str:
    """Say in beancount's words what accounts hold; it does not tell, it only refuses what is not so."""
    return "".join(
        f"2999-01-01 balance {account}  {decimal(cents, '.')} EUR\n" for account, cents in balances.items()
    )


def _run(*command: str) -> subprocess.CompletedProcess[str]:
    assert shutil.which(command[0]), f"{command[0]} is missing"
    return subprocess.run(command, capture_output=True, text=True, check=False, env={"LC_ALL": "C"})
