"""The turnover of the year against the VAT franchise threshold."""

from datetime import date, timedelta

import pytest

from shop.collective.gauge.queries import gauge
from shop.collective.gauge.rules import Gauge, State
from shop.ledger.books.rules import Entry, EntryKind, Leg
from shop.ledger.books.services import post, reverse
from shop.settings.services import set_from
from shop.transaction import transaction

THRESHOLD = 2_500_000
TODAY = date(2026, 11, 23)
WEEK = 59950


def of(turnover: int, day: date, begun: date = date(2026, 1, 1)) -> Gauge:
    return Gauge("meals", turnover, THRESHOLD, begun, day)


def test_the_demo_kitchen_would_pass_the_threshold_in_november() -> None:
    half = of(24 * WEEK, date(2026, 6, 30))

    assert half.turnover == 1_438_800
    assert half.by_year_end > THRESHOLD
    assert (half.passes_on.year, half.passes_on.month) == (2026, 11)
    assert half.state is State.HEADING


@pytest.mark.parametrize(
    ("turnover", "state"),
    [
        (0, State.CALM),
        (1_000_000, State.CALM),
        (1_999_999, State.CALM),
        (2_000_000, State.NEAR),
        (2_500_000, State.NEAR),
        (2_500_001, State.OVER),
    ],
)
def test_how_it_stands_at_the_end_of_the_year(turnover: int, state: State) -> None:
    assert of(turnover, date(2026, 12, 31)).state is state


def test_who_begins_in_autumn_has_the_threshold_of_the_days_left() -> None:
    late = of(4 * WEEK, date(2026, 10, 28), begun=date(2026, 10, 1))

    assert late.partial
    assert late.bound == THRESHOLD * 92 // 365
    assert late.by_year_end == 4 * WEEK * 92 // 28
    assert late.state is State.HEADING
    assert date(2026, 10, 28) < late.passes_on <= date(2026, 12, 31)


def test_a_year_that_is_over_has_no_pace_to_come() -> None:
    assert of(WEEK, date(2026, 12, 31)).complete
    assert not of(WEEK, date(2026, 12, 30)).complete


def test_few_days_say_nothing_of_a_year() -> None:
    assert of(WEEK, date(2026, 1, 13)).by_year_end is None
    assert of(WEEK, date(2026, 1, 14)).by_year_end is not None


def sell(number: int, day: date, cents: int = WEEK, seller: str = "meals") -> int:
    box, sales = ("570100", "700100") if seller == "meals" else ("570200", "700200")
    legs = (Leg(box, cents, seller), Leg(sales, -cents, seller))
    with transaction():
        return post(
            Entry(f"sale:{number}", EntryKind.HAND_OVER, day, f"week:{number}", "", "organiser", legs), TODAY
        )


@pytest.mark.usefixtures("context")
def test_the_books_say_what_was_sold_this_year() -> None:
    assert gauge("meals", TODAY) is None

    sell(1, date(2025, 12, 31))
    seqs = [sell(2 + n, date(2026, 1, 8) + timedelta(weeks=n)) for n in range(3)]
    with transaction():
        reverse(seqs[-1], TODAY, TODAY, "treasurer")
        gift = (Leg("570100", 5000), Leg("731000", -5000))
        post(Entry("gift", EntryKind.GIFT, TODAY, "gift", "", "treasurer", gift), TODAY)
        held = (Leg("700100", 3 * WEEK), Leg("140100", -3 * WEEK))
        post(Entry("close", EntryKind.CLOSING, TODAY, "closing:2026:meals", "", "treasurer", held), TODAY)

    found = gauge("meals", TODAY)
    assert (found.turnover, found.begun, found.threshold) == (2 * WEEK, date(2026, 1, 1), THRESHOLD)
    assert gauge("beer", TODAY) is None


@pytest.mark.usefixtures("context")
def test_a_new_threshold_holds_from_its_day_and_a_regime_ends_the_gauge() -> None:
    sell(1, date(2026, 10, 1), seller="beer")
    with transaction():
        set_from("vat-franchise", TODAY, 3_000_000)

    assert gauge("beer", TODAY - timedelta(days=1)).threshold == THRESHOLD
    assert gauge("beer", TODAY).threshold == 3_000_000
    assert gauge("beer", TODAY).begun == date(2026, 9, 28)
    with transaction():
        set_from("regime:beer", TODAY, "not_liable")
    assert gauge("beer", TODAY) is None
