"""The shop's name in files that leave the house: of goods alone, so that no place and nobody is named."""

from sqlalchemy import ScalarSelect, SQLColumnExpression, func, select

from shop.treasury.models import Cost
from shop.treasury.rules import CostKind

GOODS = (CostKind.INGREDIENTS, CostKind.PACKAGING)
"""What a shop sells. What was paid for a kitchen, a ride or to volunteers may tell where, or who."""


def shop_paid(document: SQLColumnExpression[str]) -> ScalarSelect[str]:
    """Say in SQL which shop sold the goods that an entry's document paid; nothing where it paid none."""
    costs = Cost.form_id == func.substr(document, len("cost:") + 1), document.startswith("cost:")
    return select(Cost.shop).where(*costs, Cost.kind.in_(GOODS)).scalar_subquery()
