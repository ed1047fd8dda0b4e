"""Every figure of a settlement worked out again, from what the pages say and nothing else."""

import re
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from html import unescape

import pytest
from flask.testing import FlaskClient

from shop.decisions.services import decide
from shop.ledger.sharing.explaining import preview
from shop.ledger.sharing.queries import standing, unsettled_cycles
from shop.ledger.sharing.rules import PAYOUT_STEP, SECU, WEIGHTS_SHOWN
from shop.ledger.sharing.services import decide_weights, settle
from shop.orders.services import cancel_order, close_week, hand_over, mark_no_show, receive_payment
from shop.pages import Role
from shop.settings.services import set_from
from shop.transaction import transaction
from shop.treasury.rules import BOX, CostKind, Line, Spent
from shop.treasury.services import record_cost, undo_cost
from tests.conftest import NOON
from tests.factories import CLOSES, OPENS, csrf, knock, make_order, make_week, sign_in
from tests.ledger.sharing.life import MONDAY, SUNDAY, decide_needs, live_week, make_beneficiaries

LABEL = "2026-W48"
ROW = re.compile(
    r"(\w+) n° (\d+) · poids [\d,]+ (\d+) (\d+)(?: \+ 1)? (\d+)(?: ([+-]) (\d+) = (-?\d+))?(?= |$)"
)
"""Of the sheet's table: who, the number, parts, whole cents, and crumbs: the rest, before and together."""
LIST = re.compile(r'<ul data-sum="(-?\d+)">(.*?)</ul>\s*<p class="cost-line">', re.DOTALL)


def words_of(page: str) -> str:
    """Give the text of a page as eyes have it: a space for each tag."""
    main = page[page.index("<main") : page.index("</main>")]
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", main))).replace("−", "-")


def cents(text: str) -> int:
    return int(re.sub(r"\D", "", text))


def by_pencil(page: str) -> dict[str, int]:
    """Divide as the sheet tells it, with the numbers on the sheet alone; whole numbers, no code of ours."""
    text = words_of(page)
    total = int(re.findall(r"Nous partageons (\d+) centimes", text)[0])
    cut = int(re.findall(r"(\d+) miettes font un centime", text)[0])
    found = ROW.findall(text)
    of = sum(int(share) for _, _, share, *_ in found)
    assert f"il y en a {of}." in text
    parts, waiting = {}, []
    for name, turn, share, floor, crumbs, sign, before, together in found:
        parts[name], rest = divmod(total * int(share), of)
        assert (parts[name], rest * cut // of) == (int(floor), int(crumbs))
        waits = int(crumbs) + int(sign + before or 0)
        assert waits == int(together or crumbs)
        if rest:
            waiting.append((-waits, int(turn), name))
    for _, _, name in sorted(waiting)[: total - sum(parts.values())]:
        parts[name] += 1
    return parts


def told_on(page: str) -> dict[str, int]:
    """Read who gets what off the sheet."""
    return {
        name: cents(amount)
        for name, amount in re.findall(r'data-member="(\w+)".*?hand-amount"><bdi>([^<]+)<', page, re.DOTALL)
    }


def share(week: int, amount: int | None = None) -> None:
    with transaction():
        settle([week], amount, SUNDAY, "treasurer")


@pytest.fixture
def weeks(client: FlaskClient) -> FlaskClient:
    """Settle the demo's week, one with other weights and the SECU's tenth, a loss, and a part of the last."""
    with client.application.app_context():
        ids = make_beneficiaries()
        decide_needs(ids)
        share(live_week(0, 59950, 29390))
        second = live_week(1, 30007, 10)
        needs = {"Basilic": 100, "Cumin": 100, "Menthe": 175}
        with transaction():
            decide(SECU, {"rate": "10.00"}, MONDAY + timedelta(weeks=1), NOON)
            decide_weights({ids[name]: weight for name, weight in needs.items()}, NOON)
        share(second)
        share(live_week(2, 100, 301), 0)
        share(live_week(3, 5000, 200), 3001)
    knock(client, "Basilic")
    return client


def test_the_sheet_and_a_pencil_give_the_same_parts(weeks: FlaskClient) -> None:
    given = {}
    for number in (1, 2, 4):
        page = weeks.get(f"/collective/split/{number}/sheet").text
        given[number] = told_on(page)
        assert by_pencil(page) == given[number]
    assert given[1] == {"Basilic": 4929, "Cumin": 6408, "Gingembre": 8872, "Menthe": 10351}
    assert sum(given[2].values()) == 29997 - 2999
    assert sum(given[4].values()) == 3001 - 300
    lost = words_of(weeks.get("/collective/split/3/sheet").text)
    assert "Il n’y a rien à partager." in lost
    assert "Avec un crayon" not in lost


def test_the_sheet_says_each_sum(weeks: FlaskClient) -> None:
    text = words_of(weeks.get("/collective/split/4/sheet").text).replace("\u00a0", " ")

    for sentence in (
        "Nous avons vendu pour 50,00 €.",
        "Nous avons dépensé 2,00 €.",
        "Il manquait 2,01 € d’avant.",
        "Il y a 45,99 € à partager.",
        "Nous gardons 15,98 € pour la prochaine fois.",
        "La SECU reçoit d’abord 10 € sur 100 € : cela fait 3,00 €.",
        "Nous partageons 27,01 € entre nous.",
        "Sur 100 €, Basilic reçoit 26,66 €.",
    ):
        assert sentence in text


FIGURES = re.compile(
    r'data-pencil="(\w+)".*?data-exact="([^"]+)"><bdi dir="ltr">(\d+) × (\d+) ÷ (\d+) = (\d+)<'
    r'(?:.*?data-waits="(-?\d+)")?.*?data-part="(\d+)".*?data-after="(-?\d+)"',
    re.DOTALL,
)
"""Of the explanation, by person: the exact part and how it comes about, crumbs, cents, crumbs left over."""


def test_every_figure_of_the_explanation_follows_from_those_before(weeks: FlaskClient) -> None:
    carried: dict[str, Fraction] = {}
    cuts = []
    for number in (1, 2, 4):
        page = weeks.get(f"/collective/split/{number}").text
        cut = int(re.findall(r"ce sont (\d+) miettes", page)[0])
        cuts.append(cut)
        found = FIGURES.findall(page)
        for name, exact, total, share, of, floor, waits, part, after in found:
            assert Fraction(exact) == Fraction(int(total) * int(share), int(of))
            assert int(floor) == int(Fraction(exact))
            assert Fraction(int(waits), cut) == Fraction(exact) - int(floor) + carried.get(name, 0)
            carried[name] = carried.get(name, Fraction(0)) + Fraction(exact) - int(part)
            assert Fraction(int(after), cut) == carried[name]
        assert sum(int(part) for *_, part, _ in found) == int(found[0][2])
    assert cuts == [62, 465, 465]


def sums_on(page: str) -> list[int]:
    """Check each list of figures against the sum under it; gives the sums."""
    sums = []
    for total, rows in LIST.findall(page):
        assert sum(map(int, re.findall(r'data-cents="(-?\d+)"', rows))) == int(total)
        sums.append(int(total))
    return sums


@pytest.mark.both_databases
def test_sales_are_told_by_dish_and_costs_by_purchase_to_the_cent(client: FlaskClient) -> None:
    with client.application.app_context():
        ids = make_beneficiaries()
        with transaction():
            decide_weights(dict.fromkeys(ids.values(), 100), OPENS)
        week = make_week()
        came, paid, missed, _gone = [
            make_order(week, at=OPENS, **wanted).number
            for wanted in ({"A": 2, "B": 1}, {"A": 1}, {"A": 1}, {"C": 3})
        ]
        evening = CLOSES + timedelta(days=2)
        day, label = evening.date(), week.label
        with transaction():
            cancel_order(_gone, OPENS)
            receive_payment(missed, OPENS, "organiser")
            hand_over(came, evening, "organiser", received=10_000, keep_change=True)
            hand_over(paid, evening, "organiser")
            mark_no_show(missed, evening, "organiser")
            lines = (Line(CostKind.INGREDIENTS, 1000, "Riz"), Line(CostKind.PACKAGING, 234))
            spent = Spent(CostKind.INGREDIENTS, BOX, 1234, day, label, "Colruyt", lines=lines)
            record_cost("a" * 32, spent, day, "organiser")
            wrong = record_cost("b" * 32, replace(spent, shop="Erreur"), day, "organiser", another=True)
            undo_cost(wrong.id, day, "organiser")
            settle([close_week(week.id, evening).id], None, SUNDAY, "treasurer")
    knock(client, "Basilic")

    page = client.get("/collective/split/1").text
    text = words_of(page).replace("\u00a0", " ")
    earned, spent_cents = sums_on(page)
    assert (earned, spent_cents) == (1450 + 300 + 300 + 8550, 1234)
    for words in (
        "3 × 3,00 €",
        "1 × 8,50 €",
        "Ventes repas Pas venu 3,00 €",
        "Colruyt",
        "Riz 10,00 €",
    ):
        assert words in text
    assert "Erreur" not in text
    assert re.findall(r"(\d+) × ([\d,]+) € ([\d,]+) €", text) == [
        ("3", "3,00", "9,00"),
        ("1", "8,50", "8,50"),
    ]


def test_hidden_weights_leave_each_their_own_line(weeks: FlaskClient) -> None:
    with weeks.application.app_context(), transaction():
        decide(WEIGHTS_SHOWN, False, SUNDAY, NOON)

    for path in ("/collective/split/2", "/collective/split/2/sheet"):
        page = weeks.get(path).text
        assert set(re.findall(r'data-member="(\w+)"', page)) == {"Basilic"}
        assert "Menthe" not in page
        assert "269,98\u00a0€" in page


def test_who_has_no_weight_sees_the_totals_alone(weeks: FlaskClient) -> None:
    with weeks.application.app_context(), transaction():
        decide(WEIGHTS_SHOWN, False, SUNDAY, NOON)
    sign_in(weeks, [Role.TREASURER])

    for path in ("/collective/split/2", "/collective/split/2/sheet"):
        page = weeks.get(path).text
        assert "data-member" not in page
        assert "Avec un crayon" not in page
        assert "269,98\u00a0€" in page


@pytest.mark.both_databases
def test_the_journal_tells_nobodys_part(weeks: FlaskClient) -> None:
    sign_in(weeks, [Role.TREASURER])

    page = weeks.get("/collective/split/1").text
    entry = re.search(r'href="(/[^"]+)">Écriture (\d+)<', page)
    assert entry
    told = words_of(weeks.get(entry[1]).text)
    assert "489110" in told
    assert "305,60" in told
    assert not {"49,29", "64,08", "88,72", "103,51"} & set(told.split())


def test_nothing_to_share_says_why(client: FlaskClient) -> None:
    with client.application.app_context():
        decide_needs(make_beneficiaries())
        make_week()
        with transaction():
            record_cost("a" * 32, Spent(CostKind.KITCHEN, BOX, 1234, MONDAY, LABEL), MONDAY, "organiser")
    sign_in(client, [Role.TREASURER])

    text = words_of(client.get(f"/collective/weeks/{LABEL}/close").text).replace("\u00a0", " ")
    assert "Il n’y a rien à partager : il manque 12,34 €. Ventes 0,00 €" in text
    assert "- Dépenses 12,34 € = Il manque 12,34 €" in text


def test_a_week_of_another_version_is_named_where_its_money_would_be_shared_too(client: FlaskClient) -> None:
    with client.application.app_context():
        decide_needs(make_beneficiaries())
        live_week(6, 1000)
        live_week(7, 2000)
        with transaction():
            decide(SECU, {"rate": "10.00"}, MONDAY + timedelta(weeks=7), NOON)
        assert make_week().label == LABEL
    sign_in(client, [Role.TREASURER])

    page = words_of(client.get(f"/collective/weeks/{LABEL}/close").text).replace("\u00a0", " ")
    assert "La semaine du 16 novembre attend aussi" in page
    assert "À partager 30,00 €" in page
    assert "Celle-ci a laissé 20,00 €." in page


def test_weeks_are_chosen_to_be_shared_together(client: FlaskClient) -> None:
    with client.application.app_context():
        decide_needs(make_beneficiaries())
        with transaction():
            decide(SECU, {"rate": "10.00"}, MONDAY, NOON)
        first, second = str(live_week(6, 1000)), str(live_week(7, 2000))
        assert make_week().label == LABEL
    sign_in(client, [Role.TREASURER])
    page = f"/collective/weeks/{LABEL}/close"
    ticked = re.compile(r'type="checkbox" name="week" value="(\d+)" checked')

    asked = client.get(page).text
    assert ticked.findall(asked) == [first, second]
    assert "attend aussi" not in asked
    assert 'name="amount" value="30,00"' in asked
    assert ticked.findall(client.get(page, query_string={"chosen": "y", "amount": "5"}).text) == [second]
    sent = {"chosen": "y", "week": ["999", "x"], "amount": "5", "csrf_token": csrf(client, page)}
    assert client.post(f"{page}/share", data=sent).status_code == 303
    with client.application.app_context():
        assert [str(one.id) for one in unsettled_cycles()] == [first]
        assert [(one.shared, one.secu) for one in standing()] == [(450, 50)]


@pytest.mark.usefixtures("context")
@pytest.mark.sqlite_only
def test_an_envelope_to_be_made_is_of_the_step_chosen_last() -> None:
    decide_needs(make_beneficiaries())
    live_week(0, 59950, 29390)
    with transaction():
        set_from(PAYOUT_STEP, NOON.date(), 500)
    told = preview(unsettled_cycles())
    assert [part.envelope for part in told.parts] == [4500, 6000, 8500, 10000]
