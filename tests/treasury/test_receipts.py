"""Receipts from the form to the page: kept at once, sealed, shown to keepers, forgotten without a cost."""

from datetime import timedelta
from io import BytesIO

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, text, update
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from shop.errors import CostUnknown, ReceiptTooLong
from shop.extensions import db
from shop.ledger.books.models import JournalEntry
from shop.pages import Role
from shop.settings.switches import use
from shop.tick import forget
from shop.transaction import transaction
from shop.treasury import receipts
from shop.treasury.drawing import Drawn
from shop.treasury.models import Cost, Receipt
from shop.treasury.receipt_forms import MOST_BYTES
from shop.treasury.rules import CostKind, Spent
from shop.treasury.services import record_cost
from shop.verify import State, run
from tests.conftest import NOON
from tests.factories import csrf, knock, make_member, sign_in
from tests.treasury.pictures import photo, png_bomb

FORM, OTHER = "0" * 32, "1" * 32
TODAY = NOON.date()
PICTURE = b"\xff\xd8 not to be found in the file \xff\xd9"


def pages(*names: bytes) -> list[Drawn]:
    return [Drawn(PICTURE + name, b"small " + name) for name in names]


def keep(form_id: str, *names: bytes, activity: str = "meals") -> None:
    with transaction():
        receipts.keep(form_id, activity, pages(*names), TODAY)


def spend(form_id: str, activity: str = "meals") -> None:
    with transaction():
        spent = Spent(CostKind.INGREDIENTS, "489200", 4680, TODAY, "2026-W48", "Colruyt", activity=activity)
        record_cost(form_id, spent, TODAY, "treasurer")


def tokens(form_id: str) -> list[str]:
    return [one.token for one in receipts.shown([form_id]).get(form_id, [])]


def problems() -> dict[str, State]:
    return {one.name: one.state for one in run() if "receipt" in one.name and one.state != State.OK}


@pytest.mark.usefixtures("context")
class TestServices:
    def test_a_page_sent_twice_is_kept_once_and_pages_are_numbered(self) -> None:
        keep(FORM, b"a")
        keep(FORM, b"a", b"b")
        spend(FORM)
        assert [(one.page, one.shop, one.cents) for one in receipts.shown([FORM, OTHER])[FORM]] == [
            (1, "Colruyt", 4680),
            (2, "Colruyt", 4680),
        ]
        first, second = tokens(FORM)
        assert receipts.picture(second, ["meals"], small=False) == PICTURE + b"b"
        assert receipts.picture(first, ["meals"], small=True) == b"small a"
        assert receipts.picture(first, ["beer"], small=False) is None
        assert len(first) == 22
        assert problems() == {}

    def test_what_is_kept_is_sealed(self) -> None:
        keep(FORM, b"a")
        for column in ("content", "thumbnail"):
            stored = bytes(db.session.execute(text(f"SELECT {column} FROM receipt")).scalar_one())
            assert b"not to be" not in stored
            assert b"small" not in stored
            assert b"house" in stored

    def test_a_receipt_has_five_pages_at_most(self) -> None:
        keep(FORM, b"a", b"b", b"c", b"d")
        with pytest.raises(ReceiptTooLong):
            keep(FORM, b"e", b"f")
        db.session.rollback()
        assert len(tokens(FORM)) == 4

    def test_a_page_taken_away_leaves_no_gap(self) -> None:
        keep(FORM, b"a", b"b", b"c")
        with transaction():
            receipts.take_away(FORM, "beer", tokens(FORM))
            receipts.take_away(OTHER, "meals", tokens(FORM))
            receipts.take_away(FORM, "meals", tokens(FORM)[:1])
        left = receipts.shown([FORM])[FORM]
        assert [one.page for one in left] == [1, 2]
        assert receipts.picture(left[0].token, ["meals"], small=True) == b"small b"

    def test_another_seller_s_cost_takes_no_page(self) -> None:
        spend(FORM)
        with pytest.raises(CostUnknown):
            keep(FORM, b"a", activity="beer")

    def test_a_page_whose_cost_never_came_is_forgotten_the_next_day(self) -> None:
        keep(FORM, b"a")
        keep(OTHER, b"b")
        spend(OTHER)
        forget(NOON)
        assert len(tokens(FORM)) == 1
        forget(NOON + timedelta(days=1))
        assert tokens(FORM) == []
        assert len(tokens(OTHER)) == 1

    @pytest.mark.tampers
    @pytest.mark.sqlite_only
    def test_verify_sees_a_lost_page_a_stranger_s_page_and_a_worker_that_sleeps(
        self, clock: time_machine.Traveller
    ) -> None:
        keep(FORM, b"a", b"b")
        keep(OTHER, b"c")
        spend(FORM)
        with transaction():
            db.session.execute(text("DELETE FROM receipt WHERE page = 1 AND form_id = :form"), {"form": FORM})
            db.session.execute(update(Receipt).where(Receipt.form_id == FORM).values(activity="beer"))
        clock.shift(timedelta(days=3))
        assert problems() == {
            "each receipt has all its pages": State.BROKEN,
            "each receipt is its cost's seller's": State.BROKEN,
            "receipts of no cost are forgotten in time": State.WARNING,
        }


@pytest.fixture
def keeper(client: FlaskClient) -> FlaskClient:
    """Sign in who keeps the money of the meals."""
    sign_in(client, [Role.TREASURER], "Thym")
    return client


def cost_form(keeper: FlaskClient, **fields: object) -> dict[str, object]:
    """Fill in the form of a cost paid from a pocket."""
    cost = {"cents": "46,80", "shop": "Colruyt", "kind": "ingredients", "spent_on": "2026-11-23"}
    paid = {"paid_from": "489200", "payer": "1", "form_id": FORM}
    return {**cost, **paid, "csrf_token": csrf(keeper, "/treasury/costs"), **fields}


def file(content: bytes, name: str = "IMG_2031.heic") -> tuple[BytesIO, str]:
    return BytesIO(content), name


def count(app: Flask, table: type) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(table)) or 0


def token_of(app: Flask, form_id: str = FORM) -> str:
    with app.app_context():
        return tokens(form_id)[0]


def test_a_refused_form_loses_no_picture(app: Flask, keeper: FlaskClient) -> None:
    refused = keeper.post(
        "/treasury/costs", data=cost_form(keeper, cents="46,805", receipt=file(photo(300, 500)))
    )
    assert refused.status_code == 422
    token = token_of(app)
    assert f'value="{token}"' in refused.text
    assert f'src="/treasury/receipts/{token}/small"' in refused.text
    assert count(app, Cost) == 0
    again = keeper.post("/treasury/costs", data=cost_form(keeper))
    assert again.status_code == 303
    assert 'alt="Ticket de Colruyt, 46,80 €"' in keeper.get("/treasury/costs").text.replace("\xa0", " ")
    assert (count(app, Cost), count(app, Receipt)) == (1, 1)


def test_a_double_click_is_one_cost_with_one_page(app: Flask, keeper: FlaskClient) -> None:
    sent = photo(300, 500)
    for _ in range(2):
        assert keeper.post("/treasury/costs", data=cost_form(keeper, receipt=file(sent))).status_code == 303
    assert (count(app, Cost), count(app, Receipt)) == (1, 1)


def test_a_page_taken_out_before_saving_is_gone(app: Flask, keeper: FlaskClient) -> None:
    with app.app_context():
        keep(FORM, b"a")
    answer = keeper.post("/treasury/costs", data=cost_form(keeper, without=token_of(app)))
    assert (answer.status_code, count(app, Receipt)) == (303, 0)


def test_a_bomb_is_refused_with_its_reason_and_nothing_is_written(app: Flask, keeper: FlaskClient) -> None:
    answer = keeper.post(
        "/treasury/costs", data=cost_form(keeper, receipt=file(png_bomb(20_000), "ticket.jpg"))
    )
    assert answer.status_code == 422
    assert "trop grande" in answer.text
    assert 'value="46,80"' in answer.text
    assert [count(app, table) for table in (Cost, Receipt, JournalEntry)] == [0, 0, 0]


def test_a_recorded_cost_takes_its_receipt_later(app: Flask, keeper: FlaskClient) -> None:
    with app.app_context():
        spend(FORM)
    assert 'href="/treasury/costs/1/receipt"' in keeper.get("/treasury/costs").text
    data = {"csrf_token": csrf(keeper, "/treasury/costs/1/receipt"), "receipt": file(photo(300, 500))}
    answer = keeper.post("/treasury/costs/1/receipt", data=data)
    assert (answer.status_code, answer.location) == (303, "/treasury/costs/1/receipt")
    shown = keeper.get(f"/treasury/receipts/{token_of(app)}")
    assert shown.data[:2] == b"\xff\xd8"
    told = {name: shown.headers[name] for name in ("Content-Type", "Cache-Control", "Content-Disposition")}
    assert told == {
        "Content-Type": "image/jpeg",
        "Cache-Control": "no-store",
        "Content-Disposition": "inline",
    }
    assert shown.headers["X-Content-Type-Options"] == "nosniff"
    data = {"csrf_token": csrf(keeper, "/treasury/costs/1/receipt"), "without": token_of(app)}
    assert keeper.post("/treasury/costs/1/receipt", data=data).status_code == 303
    assert keeper.get(shown.request.path).status_code == 404


def test_the_beer_s_keeper_sees_no_receipt_of_the_meals(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        keep(FORM, b"a")
        spend(FORM)
    sign_in(client, [("beer", Role.TREASURER)], "Baies")
    token = token_of(app)
    paths = (f"/treasury/receipts/{token}", f"/treasury/receipts/{token}/small", "/treasury/costs/1/receipt")
    assert [client.get(path).status_code for path in paths] == [404, 404, 404]
    data = {"csrf_token": csrf(client, "/settings/members"), "without": token}
    assert client.post("/treasury/costs/1/receipt", data=data).status_code == 404
    with app.app_context():
        make_member("Thym", [Role.TREASURER])
    knock(client, "Thym")
    assert [client.get(path).status_code for path in paths] == [200, 200, 200]


def send_heavy(keeper: FlaskClient, path: str, size: int) -> TestResponse:
    """Send a file of so many bytes, in one piece: the browser of the tests would leave a file behind."""
    sent = FileStorage(BytesIO(bytes(size)), "ticket.jpg")
    boundary, body = encode_multipart({"csrf_token": csrf(keeper), "receipt": sent})
    return keeper.post(path, data=body, content_type=f"multipart/form-data; boundary={boundary}")


def test_eight_megabytes_for_pictures_and_one_for_all_else(keeper: FlaskClient) -> None:
    too_heavy = send_heavy(keeper, "/treasury/costs", MOST_BYTES)
    assert too_heavy.status_code == 413
    assert "La photo est trop lourde" in too_heavy.text
    assert send_heavy(keeper, "/treasury/costs", MOST_BYTES - 1000).status_code == 422
    other = send_heavy(keeper, "/treasury/counts", 2**20)
    assert other.status_code == 413
    assert "C’est trop long" in other.text


def test_a_thousand_pictures_are_not_even_looked_at(keeper: FlaskClient) -> None:
    many = [file(bytes(100)) for _ in range(300)]
    answer = keeper.post("/treasury/costs", data=cost_form(keeper, receipt=many))
    assert answer.status_code == 422
    assert "au plus 5 pages" in answer.text


def test_what_is_sent_never_touches_the_disk(app: Flask) -> None:
    boundary, body = encode_multipart({"receipt": FileStorage(BytesIO(bytes(900_000)), "ticket.jpg")})
    form = f"multipart/form-data; boundary={boundary}"
    with app.test_request_context("/", method="POST", data=body, content_type=form) as context:
        assert isinstance(context.request.files["receipt"].stream, BytesIO)


def test_who_keeps_no_receipts_sees_no_field(app: Flask, keeper: FlaskClient) -> None:
    with app.app_context():
        spend(FORM)
        with transaction():
            use([], TODAY)
    assert 'name="receipt"' not in keeper.get("/treasury/costs").text
    assert keeper.get("/treasury/costs/1/receipt").status_code == 404
