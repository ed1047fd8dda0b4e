"""A week's menu and settings, changed in place."""

from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from shop.menu.queries import menu_lines, week_by_label
from shop.menu.rules import Line, WeekFacts
from tests.factories import csrf, make_dish, make_order, make_week, sign_in

PAGE = "/collective/weeks/2026-W48"
PLAN = {
    "opens_day": "2026-11-20",
    "opens_time": "10:00",
    "closes_day": "2026-11-24",
    "closes_time": "18:00",
    "cap": "70",
    "delivers": "y",
    "delivery_fee": "2,50",
    "place": "Rue des Essais 2",
}


@dataclass
class Editor:
    """An organiser in front of the week's menu."""

    app: Flask
    client: FlaskClient

    def send(self, path: str, **fields: str) -> TestResponse:
        token = csrf(self.client, "/collective/")
        return self.client.post(f"{PAGE}/{path}", data={**fields, "csrf_token": token})

    @property
    def week(self) -> WeekFacts:
        with self.app.app_context():
            week = week_by_label("2026-W48")
        assert week
        return week

    @property
    def lines(self) -> list[Line]:
        with self.app.app_context():
            return menu_lines(self.week.id)

    def plan(self, **changes: str) -> dict[str, str]:
        fields = dict(PLAN)
        for row, slot in enumerate(self.week.slots):
            times = {"day": "2026-11-26", "starts": f"{17 + row}:00", "ends": f"{18 + row}:00"}
            fields |= {f"slots-{row}-{name}": text for name, text in times.items()}
            fields[f"slots-{row}-id"] = str(slot.id)
        return fields | changes


@pytest.fixture
def editor(app: Flask, client: FlaskClient) -> Editor:
    """Sign in, with 2026-W48 published and 5 mains and 2 starters ordered for its first slot."""
    with app.app_context():
        make_order(make_week(), A=2, B=5)
    sign_in(client)
    return Editor(app, client)


def test_prices_and_quotas_are_written_together(editor: Editor) -> None:
    soup, main, dessert = editor.lines
    fields = {f"price-{line.id}": "8.50" if line.id == main.id else "3" for line in editor.lines}
    answer = editor.send("lines", **fields | {f"quota-{main.id}": "5", f"quota-{dessert.id}": ""})
    assert answer.status_code == 303
    assert [(line.price, line.quota) for line in editor.lines] == [(300, None), (850, 5), (300, None)]
    assert soup.price == 300


def test_a_refused_price_is_kept_beside_its_dish_and_changes_nothing(editor: Editor) -> None:
    _, main, dessert = editor.lines
    fields = {f"price-{line.id}": "3,00" for line in editor.lines}
    answer = editor.send("lines", **fields | {f"price-{main.id}": "9,75", f"price-{dessert.id}": "4,44"})
    assert answer.status_code == 422
    assert 'data-refusal="LineOrdered"' in answer.text
    assert f'id="line-{main.id}-error"' in answer.text
    assert 'value="9,75"' in answer.text
    assert 'value="4,44"' in answer.text
    assert [line.price for line in editor.lines] == [300, 850, 250]


def test_a_price_or_a_quota_that_is_none_is_refused(editor: Editor) -> None:
    good = {f"price-{line.id}": "3" for line in editor.lines}
    *_, last = editor.lines
    for typed in ("1_000", "٣", "９", "-1", "9" * 30, "1e3", "=1+1", "2,505", "1000", ""):
        assert editor.send("lines", **good | {f"price-{last.id}": typed}).status_code == 422, typed
    for typed in ("1_0", "٣", "-1", "1000", "x"):
        assert editor.send("lines", **good | {f"quota-{last.id}": typed}).status_code == 422, typed
    assert [line.price for line in editor.lines] == [300, 850, 250]


def test_a_quota_below_what_is_ordered_says_how_many(editor: Editor) -> None:
    soup, main, dessert = editor.lines
    prices = {f"price-{soup.id}": "3", f"price-{main.id}": "8,5", f"price-{dessert.id}": "2,5"}
    answer = editor.send("lines", **prices, **{f"quota-{main.id}": "4"})
    assert answer.status_code == 422
    assert "5 déjà commandés" in answer.text


def test_a_dish_is_added_with_a_tap_and_taken_off_while_nobody_ordered_it(editor: Editor) -> None:
    with editor.app.app_context():
        added = str(make_dish("Mafé de bœuf, riz", price=900).id)
    assert editor.send("lines/add", dish=added).status_code == 303
    assert "".join(line.letter for line in editor.lines) == "ABDC"
    assert editor.send("lines/add", dish=added).status_code == 422
    soup, _, mafe, _ = editor.lines
    assert editor.send(f"lines/{mafe.id}/remove").status_code == 303
    assert "".join(line.letter for line in editor.lines) == "ABC"
    refused = editor.send(f"lines/{soup.id}/remove")
    assert refused.status_code == 422
    assert 'data-refusal="LineOrdered"' in refused.text


def test_a_dish_or_a_line_that_does_not_exist_is_refused(editor: Editor) -> None:
    for dish in ("", "x", "٣", "9" * 30, "999999999", "-1"):
        assert editor.send("lines/add", dish=dish).status_code == 422, dish
    assert editor.send("lines/999999/remove").status_code == 404


def test_settings_are_written_and_the_times_are_those_on_the_wall(editor: Editor) -> None:
    before = editor.week
    answer = editor.send("plan", **editor.plan(cap="5", closes_time="19:30"))
    assert answer.status_code == 303
    week = editor.week
    assert (week.cap, week.delivery_fee, week.place) == (5, 250, "Rue des Essais 2")
    assert week.closes_at.isoformat() == "2026-11-24T18:30:00+00:00"
    assert [slot.id for slot in week.slots] == [slot.id for slot in before.slots]


WRONG_SETTINGS = (
    ("cap", {"cap": "4"}),
    ("cap", {"cap": "٧٠"}),
    ("closes_day", {"closes_day": "2026-11-19"}),
    ("closes_day", {"closes_day": "9999-12-31"}),
    ("closes_day", {"closes_day": "0001-01-01"}),
    ("closes_time", {"closes_time": "25:00"}),
    ("closes_day", {"slots-0-ends": "16:00"}),
    ("closes_day", {"slots-0-day": "", "slots-0-starts": "", "slots-0-ends": ""}),
    ("slots-0-ends", {"slots-0-starts": ""}),
    ("delivery_fee", {"delivery_fee": "deux"}),
    ("place", {"place": "x" * 121}),
)


def test_a_refused_setting_keeps_what_was_typed(editor: Editor) -> None:
    before = editor.week
    for field, changes in WRONG_SETTINGS:
        answer = editor.send("plan", **editor.plan(**changes))
        assert answer.status_code == 422, changes
        assert f'"#{field}"' in answer.text
        assert f'value="{changes.get("place", "Rue des Essais 2")}"' in answer.text
        assert editor.week == before


def test_an_empty_slot_that_nobody_comes_in_goes_away(editor: Editor) -> None:
    emptied = {"slots-1-day": "", "slots-1-starts": "", "slots-1-ends": ""}
    assert editor.send("plan", **editor.plan(**emptied)).status_code == 303
    assert len(editor.week.slots) == 1


def test_without_a_token_nothing_changes(editor: Editor) -> None:
    assert editor.client.post(f"{PAGE}/plan", data=editor.plan(cap="5")).status_code == 400
    assert editor.week.cap == 70
