"""Where ten euros go is told in sums of three people at least."""

import pytest

from shop.customer.ten_euros import TenEuros, ten_euros
from shop.ledger.sharing.services import settle
from shop.transaction import transaction
from tests.ledger.sharing.life import NEEDS, SUNDAY, decide_needs, live_week, make_beneficiaries


@pytest.mark.usefixtures("context")
@pytest.mark.parametrize(("people", "told"), [(2, None), (3, TenEuros(food=400, running=0, cooks=600))])
def test_ten_euros_are_told_of_three_people_at_least(people: int, told: TenEuros | None) -> None:
    ids = make_beneficiaries()
    decide_needs(ids, dict(list(NEEDS.items())[:people]))
    cycle = live_week(0, sales=10000, costs=4000)
    assert ten_euros() is None
    with transaction():
        settle([cycle], None, SUNDAY, "treasurer")
    assert ten_euros() == told
