"""The pages of gifts, transfers, counts and boxes, and what a keeper of the other seller sees of them."""

import re
from datetime import date

import pytest
from flask.testing import FlaskClient

from shop.extensions import db
from shop.ledger.books.queries import balance
from shop.ledger.books.services import lock_until
from shop.pages import Role
from shop.settings.switches import use
from shop.transaction import transaction
from shop.treasury import services as treasury
from shop.treasury.models import Cost
from shop.treasury.queries import counts, movements, recent_costs
from shop.treasury.rules import BOX, POCKETS, CostKind, MovementKind, Spent, gift
from tests.factories import csrf, make_member, sign_in

DAY = date(2026, 11, 20)
BOTH = [Role.TREASURER, ("beer", Role.TREASURER)]
BEER_BOX = "570200"


@pytest.fixture
def shop(client: FlaskClient) -> FlaskClient:
    """Open the books of both sellers, with a cost of each and a pocket of the meals' that waits."""
    with client.application.app_context():
        cumin = make_member("Cumin", [Role.COOK]).id
        with transaction():
            treasury.open_seller("meals", {BOX: 30000, "550100": 20000}, DAY, "treasurer")
            treasury.open_seller("beer", {BEER_BOX: 5000, "489200": 900}, DAY, "treasurer")
            for number, told in enumerate(({}, {"paid_from": POCKETS, "payer": cumin}, {"activity": "beer"})):
                given = {
                    "kind": CostKind.KITCHEN,
                    "paid_from": BOX,
                    "spent_on": DAY,
                    "week": "2026-W47",
                    **told,
                }
                spent = Spent(cents=700 + number, shop=f"Magasin {number}", **given)
                treasury.record_cost(str(number), spent, DAY, "treasurer")
    return client


def send(client: FlaskClient, page: str, path: str = "", **typed: str) -> object:
    """Fill the form of a page in and send it, as a browser does."""
    text = client.get(page).text
    fresh = dict(re.findall(r'name="(form_id|happened_on|spent_on)"[^>]*value="([^"]+)"', text))
    fresh |= dict(re.findall(r'<select[^>]*id="(payer)".*?value="(\d+)"', text, re.DOTALL))
    return client.post(path or page, data={**fresh, "csrf_token": csrf(client, page), **typed})


def test_who_keeps_the_beer_sees_nothing_of_the_meals(shop: FlaskClient) -> None:
    sign_in(shop, [("beer", Role.TREASURER)], "Baies")
    page = shop.get("/treasury/costs").text

    assert "Magasin 2" in page
    for theirs in ("Magasin 0", "Magasin 1", "Cumin", "570100", "repas", "Repas"):
        assert theirs not in page.split("<main")[1], theirs
    assert "50,00\u00a0€" in shop.get("/treasury/counts").text
    for path in ("costs?seller=meals", "counts?account=570100", "counts?account=x", "counts?seller=meals"):
        assert shop.get(f"/treasury/{path}").status_code == 404, path
    for path in ("entries/3/undo", "costs/2/repay", "costs/2/pay", "boxes/570100"):
        assert send(shop, "/treasury/costs", f"/treasury/{path}").status_code == 404, path
    stolen = {"cents": "1", "kind": "kitchen", "paid_from": BOX, "spent_on": "2026-11-20"}
    assert send(shop, "/treasury/costs", **stolen).status_code == 422
    assert send(shop, "/treasury/gifts", cents="1", to_account=BOX).status_code == 422
    with shop.application.app_context():
        assert len(recent_costs()) == 2


def test_a_cost_alike_is_asked_about_and_nothing_typed_is_lost(shop: FlaskClient) -> None:
    sign_in(shop, [Role.ORGANISER])
    typed = {"cents": "7,00", "shop": "Marché", "kind": "kitchen", "paid_from": BOX, "spent_on": "2026-11-20"}
    typed |= {"lines-0-goods": "Riz", "lines-0-kind": "ingredients", "lines-0-cents": "6,00"}
    short = send(shop, "/treasury/costs", **typed)
    assert short.status_code == 422
    assert "1,00\u00a0€ de moins" in short.text
    strange = send(shop, "/treasury/costs", **typed | {"lines-0-kind": "salary"})
    assert ("Choisissez." in strange.text, "valid choice" in strange.text) == (True, False)
    asked = send(shop, "/treasury/costs", **typed, **{"lines-1-cents": "1,00"})

    assert 'data-refusal="PerhapsTwice"' in asked.text
    assert "Magasin 0" in asked.text
    for kept in ("Riz", "Marché", "7,00", "1,00"):
        assert f'value="{kept}"' in asked.text, kept
    assert send(shop, "/treasury/costs", **typed, **{"lines-1-cents": "1,00"}, another="y").status_code == 303
    with shop.application.app_context():
        assert next(len(cost.lines) for cost in recent_costs()) == 2


def test_a_regular_cost_is_proposed_as_last_time(shop: FlaskClient) -> None:
    with shop.application.app_context(), transaction():
        db.session.get_one(Cost, 1).regular = True
    sign_in(shop, [Role.ORGANISER])
    assert "Comme la dernière fois" in shop.get("/treasury/costs").text
    page = shop.get("/treasury/costs?like=1").text
    assert 'value="7,00"' in page
    for foreign in ("3", "99", "x"):
        assert 'value="7,0' not in shop.get(f"/treasury/costs?like={foreign}").text


def test_all_of_a_pocket_is_given_back_from_the_bank(shop: FlaskClient) -> None:
    sign_in(shop, BOTH)
    page = shop.get("/treasury/costs").text
    path = re.search(r'action="(/treasury/pockets/\d+/repay\?seller=meals)"', page)[1]
    for status in (303, 422):
        assert send(shop, "/treasury/costs", path, paid_from="550100").status_code == status
    with shop.application.app_context():
        assert balance("550100") == 20000 - 701


def test_what_is_of_a_locked_day_says_on_which_it_is_booked(shop: FlaskClient) -> None:
    with shop.application.app_context(), transaction():
        lock_until(date(2026, 11, 21), date(2026, 11, 23))
    sign_in(shop, BOTH)
    send(shop, "/treasury/gifts", cents="5", to_account=BOX, happened_on="2026-11-20")
    assert "au journal, c’est le 22 nov. 2026" in shop.get("/treasury/gifts").text


def test_gifts_and_passages_of_money(shop: FlaskClient) -> None:
    sign_in(shop, BOTH)
    assert send(shop, "/treasury/gifts", cents="20", to_account=BOX, fund="139200").status_code == 303
    assert 'data-movement="2000"' in shop.get("/treasury/gifts").text
    assert send(shop, "/treasury/gifts", cents="20", to_account=BOX, fund="139900").status_code == 422
    twice = {"cents": "50", "direction": "to_bank", "form_id": "a" * 24}
    for _ in range(2):
        assert send(shop, "/treasury/transfers", **twice).status_code == 303
    reused = send(shop, "/treasury/transfers", **twice | {"cents": "60"})
    assert (reused.status_code, "a déjà servi pour autre chose" in reused.text) == (422, True)
    over = send(shop, "/treasury/transfers", cents="999", direction="to_bank")
    assert (over.status_code, 'value="999"' in over.text) == (422, True)
    for page in ("/treasury/gifts", "/treasury/transfers"):
        old = send(shop, page, cents="1", to_account=BOX, direction="to_bank", happened_on="2001-01-01").text
        assert "choisissez le 22 août 2026 ou un jour plus récent" in old
        assert '<details class="fold" open><summary>Un autre jour' in old
    assert "Les repas doivent 12,98\u00a0€ à la bière" in shop.get("/treasury/transfers").text
    owed = {"cents": "13", "from_account": BOX, "to_account": BEER_BOX}
    assert (
        'data-refusal="MoreThanOwed"' in send(shop, "/treasury/transfers", "/treasury/liaison", **owed).text
    )
    within = {**owed, "cents": "12", "to_account": "550100"}
    assert send(shop, "/treasury/transfers", "/treasury/liaison", **within).status_code == 422
    paid = {**owed, "cents": "12,98", "form_id": "b" * 24}
    for _ in range(2):
        assert send(shop, "/treasury/transfers", "/treasury/liaison", **paid).status_code == 303
    with shop.application.app_context():
        assert len(movements(["meals", "beer"], *MovementKind)) == 3
        assert (balance("499100"), balance("550100")) == (0, 25000)


def test_only_who_pays_says_that_it_was_paid(shop: FlaskClient) -> None:
    with shop.application.app_context(), transaction():
        treasury.move("gift", gift(2000, DAY, BOX, "139200"), DAY, "treasurer")
    sign_in(shop, [("beer", Role.TREASURER)])
    page = shop.get("/treasury/transfers").text
    assert "Les repas doivent 12,98\u00a0€ à la bière" in page
    assert "/treasury/liaison" not in page
    paid = {"cents": "1", "from_account": BOX, "to_account": BEER_BOX}
    assert send(shop, "/treasury/transfers", "/treasury/liaison", **paid).status_code == 404


def test_a_debt_from_before_is_paid(shop: FlaskClient) -> None:
    sign_in(shop, BOTH)
    debts = "/treasury/debts?seller=beer"
    assert debts in shop.get("/treasury/costs?seller=beer").text
    typed = {"owed": POCKETS, "paid_from": BEER_BOX}
    assert send(shop, debts, cents="9,01", **typed).status_code == 422
    assert send(shop, debts, cents="9", **typed).status_code == 303
    assert "Rien n’est dû d’avant" in shop.get(debts).text


def test_a_bank_account_is_checked_in_words(shop: FlaskClient) -> None:
    sign_in(shop, [Role.TREASURER])
    bank = "/treasury/counts?account=550100"
    for typed, status in (({"cents": "212", "counted_on": "2026-11-20"}, 303), ({"cents": "x"}, 422)):
        assert send(shop, bank, "/treasury/checks?account=550100", **typed).status_code == status
    assert "il manque 12,00\u00a0€ d’entrées au journal" in shop.get(bank).text
    ahead = {"cents": "212", "counted_on": "2026-11-30"}
    assert 'data-refusal="DayAhead"' in send(shop, bank, "/treasury/checks?account=550100", **ahead).text


def test_a_box_is_handed_over_counted(shop: FlaskClient) -> None:
    member = sign_in(shop, [Role.TREASURER])
    pieces = {"n-20000": "1", "n-5000": "1", "n-2000": "2", "n-200": "1"}
    for holder in ("", "99", "٣"):
        refused = send(shop, "/treasury/boxes/570100", holder=holder, **pieces)
        assert (refused.status_code, 'name="n-20000"' in refused.text) == (422, True)
    assert send(shop, "/treasury/boxes/570100", holder=str(member.id), **pieces).status_code == 303
    assert "Safran" in shop.get("/treasury/boxes").text.split("<main")[1]
    with shop.application.app_context():
        assert [count.counted - count.expected for count in counts()] == [29200 - 28598]


def test_what_is_off_leaves_no_trace(shop: FlaskClient) -> None:
    with shop.application.app_context(), transaction():
        use((), date(2026, 11, 1))
    sign_in(shop, BOTH)
    pages = [
        shop.get(f"/treasury/{name}").text.split("<main")[1] for name in ("costs", "counts", "gifts", "boxes")
    ]
    for trace in ("ompte repas", "en banque", "ancaires", "bière", "Bière", "plus tard", "Vottem", "139200"):
        assert not any(trace in page for page in pages), trace
    assert shop.get("/treasury/transfers").status_code == 404
    for path in ("transfers", "liaison", "checks", "costs/1/pay", "boxes/570200"):
        assert send(shop, "/treasury/costs", f"/treasury/{path}").status_code == 404, path
