"""What the pages of purchases show, gathered once for a fresh form and for a refused one."""

from dataclasses import dataclass
from datetime import date

from flask import render_template

from shop.errors import Refusal
from shop.ledger.books.sellers import kept
from shop.members.models import Member
from shop.treasury import queries
from shop.treasury.forms import KINDS, CostForm
from shop.treasury.keeping import KEEPERS, places
from shop.treasury.models import Cost
from shop.weeks import week_label


@dataclass(frozen=True)
class Waiting:
    """What one member, or somebody who is not known any more, waits to be given back; cents."""

    member: Member | None
    costs: tuple[Cost, ...]

    @property
    def cents(self) -> int:
        """Sum it."""
        return sum(cost.cents for cost in self.costs)


def waiting(seller: str) -> list[Waiting]:
    """List whose pockets a seller owes, each with the costs, who waits longest first."""
    found = queries.pockets(seller)
    known = queries.payers(found)
    by_member: dict[int, list[Cost]] = {}
    for cost in found:
        by_member.setdefault(known[cost.id].id if cost.id in known else 0, []).append(cost)
    people = {member.id: member for member in known.values()}
    return [Waiting(people.get(number), tuple(costs)) for number, costs in by_member.items()]


def costs_page(form: CostForm, today: date, refusal: Refusal | None = None) -> str:
    """Show the page of purchases of the form's seller."""
    seller = form.seller
    recent, sellers = queries.recent_costs(seller), kept(*KEEPERS)
    return render_template(
        "treasury/costs.html",
        form=form,
        refusal=refusal,
        seller=seller,
        sellers=sellers,
        waiting=waiting(seller),
        bills=queries.bills(seller),
        old_debts=_old_debts(seller),
        regular=queries.regular_costs(week_label(today), seller),
        costs=recent,
        payers=queries.payers(recent),
        sources=places(sellers, own=seller),
        kinds=KINDS,
    )


def _old_debts(seller: str) -> dict[str, int]:
    """Give what is left of what a seller owed when its books opened, in cents by account."""
    return {account: cents for account, cents in queries.old_debts_left(seller).items() if cents > 0}
