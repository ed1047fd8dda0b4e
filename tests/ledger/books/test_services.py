"""Posting, reversing and closing, on both databases."""

import threading
from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import event, text

from shop.errors import (
    AlreadyClosed,
    AlreadyReversed,
    BooksRefused,
    BoxOverdrawn,
    DayAhead,
    EntryUnknown,
    KeyReused,
    PeriodLocked,
    ReversalOfReversal,
    UnknownAccount,
)
from shop.extensions import db
from shop.ledger.books import queries
from shop.ledger.books.models import Account, Period
from shop.ledger.books.rules import GENESIS, Entry, EntryKind, Leg
from shop.ledger.books.services import close_cycle, post, reverse
from shop.transaction import transaction
from tests.ledger.books.entries import BANK, BOX, DAY, FOOD, SALES, UNKNOWN, book, make_entry, open_box

LATER = DAY + timedelta(days=7)


def post_all(*entries: Entry) -> None:
    """Post several, inside the test's transaction."""
    for entry in entries:
        post(entry, DAY)


@pytest.mark.usefixtures("context")
class TestPost:
    def test_numbers_follow_each_other_and_hashes_chain(self) -> None:
        assert queries.head() == (0, GENESIS)
        assert [book(key="a"), book(key="b"), book(key="c")] == [1, 2, 3]

    def test_the_same_event_is_booked_once_also_after_midnight(self) -> None:
        first = book()
        assert book(day=LATER, today=LATER, label="again", role="cook") == first
        assert queries.balance(BOX) == 850
        assert queries.head()[0] == 1

    def test_another_event_under_the_same_key_is_refused(self) -> None:
        book()
        with pytest.raises(KeyReused):
            book((BOX, 900), (SALES, -900))

    def test_a_refused_entry_leaves_nothing(self) -> None:
        book()
        before = queries.head()
        with pytest.raises(BooksRefused), transaction():
            post_all(make_entry(key="b"), make_entry((BOX, -5000), (FOOD, 5000), key="c"))
        assert queries.head() == before
        assert queries.balance(BOX) == 850

    def test_a_box_gives_what_it_holds_and_not_a_cent_more(self) -> None:
        open_box(1000)
        with pytest.raises(BoxOverdrawn) as refused:
            book((BOX, -1001), (FOOD, 1001))
        assert (refused.value.account, refused.value.missing) == (BOX, 1)
        book((BOX, -1000), (FOOD, 1000))
        assert queries.balance(BOX) == 0

    def test_a_subject_gets_what_is_theirs_and_not_anothers(self) -> None:
        open_box()
        book(("643100", 300), Leg("489300", -100, subject="a"), Leg("489300", -200, subject="b"))
        with pytest.raises(BoxOverdrawn):
            book(Leg("489300", 150, subject="a"), (BOX, -150), key="paid")
        assert queries.balances_by_subject("489300") == {"a": -100, "b": -200}
        assert queries.balance("489300", subject="a") == -100

    def test_one_activity_may_not_take_from_the_others_balance(self) -> None:
        open_box()
        with pytest.raises(BoxOverdrawn):
            book(Leg(BOX, -100, "beer"), Leg("600200", 100, "beer"), key="beer")

    def test_other_accounts_go_below_zero(self) -> None:
        book((BANK, -100), (FOOD, 100))
        assert queries.balance(BANK) == -100

    def test_what_has_not_happened_yet_is_refused(self) -> None:
        with pytest.raises(DayAhead):
            book(day=LATER)

    def test_a_locked_day_is_refused(self) -> None:
        with transaction():
            db.session.add(Period(starts_on=date(2026, 10, 1), ends_on=date(2026, 10, 31)))
        for day in (date(2026, 10, 1), date(2026, 10, 31)):
            with pytest.raises(PeriodLocked) as refused:
                book(day=day)
            assert refused.value.until == date(2026, 10, 31)
        assert book(day=date(2026, 11, 1)) == 1

    @pytest.mark.parametrize("code", ["999999", FOOD])
    def test_an_unknown_or_closed_account_is_refused(self, code: str) -> None:
        with transaction():
            closed = db.session.get_one(Account, FOOD)
            closed.closed_on = DAY - timedelta(days=1)
        with pytest.raises(UnknownAccount) as refused:
            book((BANK, -100), (code, 100))
        assert refused.value.code == code

    def test_an_entry_costs_few_statements(self) -> None:
        open_box()
        said: list[str] = []

        def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
            said.append(statement)

        event.listen(db.engine, "before_cursor_execute", note)
        try:
            book()
        finally:
            event.remove(db.engine, "before_cursor_execute", note)
        own = [
            one for one in said if one.split()[0] in {"SELECT", "INSERT", "UPDATE"} and "advisory" not in one
        ]
        assert len(own) <= 8, own


@pytest.mark.usefixtures("context")
class TestReverse:
    def test_a_reversal_undoes_its_entry_to_the_cent_and_cites_the_same_document(self) -> None:
        open_box()
        before = queries.trial_balance()
        seq = book(Leg(BOX, -90), Leg(FOOD, 90, subject="s"))
        with transaction():
            undone = reverse(seq, LATER, LATER, "treasurer")
        assert queries.trial_balance() == before
        assert queries.on_document("paper:1042", [BOX, FOOD]) == 0
        assert queries.as_entry(undone).reverses == seq
        assert queries.as_entry(undone).legs == (Leg(BOX, 90), Leg(FOOD, -90, subject="s"))

    def test_asked_twice_it_happens_once(self) -> None:
        seq = book()
        with transaction():
            assert reverse(seq, DAY, DAY, "treasurer") == reverse(seq, LATER, LATER, "organiser")

    def test_a_second_reversal_by_another_name_is_refused(self) -> None:
        seq = book()
        with transaction():
            reverse(seq, DAY, DAY, "treasurer")
        with pytest.raises(AlreadyReversed):
            book((BOX, -850), (SALES, 850), key="other", reverses=seq)

    def test_a_reversal_is_never_reversed(self) -> None:
        with transaction():
            undone = reverse(post(make_entry(), DAY), DAY, DAY, "treasurer")
        with pytest.raises(ReversalOfReversal), transaction():
            reverse(undone, DAY, DAY, "treasurer")

    def test_nothing_is_no_entry(self) -> None:
        with pytest.raises(EntryUnknown), transaction():
            reverse(7, DAY, DAY, "treasurer")
        with pytest.raises(EntryUnknown):
            book(reverses=7)

    def test_cash_that_is_gone_is_not_taken_back(self) -> None:
        seq = book()
        book((BOX, -850), (FOOD, 850), key="shopping", kind=EntryKind.COST, document="cost:1")
        with pytest.raises(BoxOverdrawn), transaction():
            reverse(seq, DAY, DAY, "treasurer")

    def test_an_act_done_again_takes_the_next_generation(self) -> None:
        base = "order:1042:handed-over"
        for generation in (base, f"{base}#2", f"{base}#3"):
            assert queries.current_key(base) == generation
            seq = book(key=generation)
            assert queries.current_key(base) == generation
            assert queries.standing_entries("paper:1042") == [seq]
            with transaction():
                reverse(seq, DAY, DAY, "organiser")
        assert queries.standing_entries("paper:1042") == []
        assert queries.current_key("order:104:handed-over") == "order:104:handed-over"


@pytest.mark.usefixtures("context")
class TestSums:
    def test_what_is_shared_is_income_less_costs_and_what_was_left(self) -> None:
        open_box()
        book((BOX, 59950), (SALES, -59950))
        book((BOX, -29390), (FOOD, 29390), key="costs")
        book(Leg("550200", 700, "beer"), Leg("140200", -700, "beer"), key="beer")
        assert queries.distributable("meals") == 30560
        assert queries.distributable("beer") == 700
        book(("643100", 30000), Leg("489300", -30000, subject="a"), key="settlement:x")
        assert queries.distributable("meals") == 560

    def test_sums_on_documents_come_at_once(self) -> None:
        book((FOOD, 850), (UNKNOWN, -850))
        book((UNKNOWN, 850), (BANK, -850), key="paid")
        book((FOOD, 300), (UNKNOWN, -300), key="other", document="paper:1043")
        documents = ["paper:1042", "paper:1043", "paper:1044"]
        assert queries.on_documents(documents, [UNKNOWN]) == dict(zip(documents, [0, -300, 0], strict=True))
        assert queries.on_document("paper:1043", [UNKNOWN, FOOD]) == 0

    def test_the_trial_balance_sums_to_nothing(self) -> None:
        open_box()
        book()
        lines = queries.trial_balance()
        assert sum(line.debit for line in lines) == sum(line.credit for line in lines) == 30850


@pytest.mark.usefixtures("context")
def test_a_cycle_closes_once_as_of_the_newest_entry() -> None:
    seq = book()
    with transaction():
        cycle = close_cycle("meals", "2026-W47", date(2026, 11, 16), DAY)
        assert cycle.closed_seq == seq
    with pytest.raises(AlreadyClosed), transaction():
        close_cycle("meals", "2026-W47", date(2026, 11, 16), DAY)


def test_writers_at_once_leave_no_gap_and_one_chain(app: Flask) -> None:
    """Eight threads book ten entries each, and each also books one that all of them book."""
    failures: list[BaseException] = []

    def work(writer: int) -> None:
        try:
            with app.app_context():
                for turn in range(10):
                    book(key=f"{writer}-{turn}")
                    book(key="all the same")
                db.session.remove()
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(writer,)) for writer in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with app.app_context():
        assert queries.head()[0] == 81
        assert queries.balance(BOX) == 81 * 850


@pytest.mark.usefixtures("context")
def test_keys_are_compared_by_their_bytes_on_every_database() -> None:
    book(key="order:1:paid")
    book(key="order:1:PAID")
    assert db.session.execute(text("SELECT count(*) FROM journal_entry")).scalar() == 2
    assert replace(make_entry(), key="x") != make_entry()
