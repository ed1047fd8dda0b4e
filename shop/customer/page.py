"""What the menu page shows, as one value; and the page made from it, kept until it changes."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask import current_app, render_template
from flask_wtf.csrf import generate_csrf

from shop import revision, weeks
from shop.members.queries import Front, front
from shop.menu.queries import current_week, menu_lines, week_by_id
from shop.menu.rules import COURSES, DishKind, Line, WeekFacts, WeekState, mains_left, said
from shop.orders.queries import taken
from shop.vault import new_token

CSRF_MARK = "csrf-goes-here"
FORM_MARK = "form-id-goes-here"


@dataclass(frozen=True)
class Row:
    """A dish as the menu shows it; `price` in cents, `left` portions of its quota or None."""

    id: int
    letter: str
    name: str
    contents: str
    kind: DishKind
    price: int
    diet: tuple[str, ...]
    allergens: tuple[str, ...]
    left: int | None


@dataclass(frozen=True)
class MenuPage:
    """All that the menu page depends on: equal values give equal pages."""

    front: Front
    language: str
    today: date
    week: WeekFacts | None
    opened: bool
    upcoming: bool
    rows: tuple[Row, ...]
    mains_taken: int

    @property
    def mains_left(self) -> int:
        """Give the portions of mains that can still be had."""
        return mains_left(self.week.cap, self.mains_taken) if self.week else 0

    @property
    def line_ids(self) -> frozenset[int]:
        """Give the ids of the dishes on the menu."""
        return frozenset(row.id for row in self.rows)

    @property
    def courses(self) -> list[tuple[DishKind, list[Row]]]:
        """Give the dishes by course, courses without a dish left out."""
        found = [(kind, [row for row in self.rows if row.kind == kind]) for kind in COURSES]
        return [(kind, rows) for kind, rows in found if rows]


def menu_page(now: datetime, language: str, week_id: int | None = None) -> MenuPage:
    """Read what the menu page shows at this instant, of this week or of a named one, in a few statements."""
    week = current_week(now) if week_id is None else week_by_id(week_id)
    if week is None:
        return MenuPage(front(), language, weeks.local_day(now), None, False, False, (), 0)
    sold = taken(week.id)
    lines = menu_lines(week.id)
    return MenuPage(
        front=front(),
        language=language,
        today=weeks.local_day(now),
        week=week,
        opened=week.state is WeekState.PUBLISHED and weeks.is_open(week.opens_at, week.closes_at, now),
        upcoming=now < week.opens_at,
        rows=tuple(_row(line, sold.get(line.id, 0), language) for line in lines),
        mains_taken=sum(sold.get(line.id, 0) for line in lines if line.kind is DishKind.MAIN),
    )


def _row(line: Line, sold: int, language: str) -> Row:
    return Row(
        id=line.id,
        letter=line.letter,
        name=said(line.names, language),
        contents=said(line.contents, language),
        kind=line.kind,
        price=line.price,
        diet=line.diets,
        allergens=line.allergens,
        left=None if line.quota is None else max(0, line.quota - sold),
    )


@dataclass
class Kept:
    """What the menu shows, good until `until` or the next transaction; and the page made of it."""

    revision: int
    made_at: datetime
    until: datetime
    page: MenuPage
    html: str = ""


def fresh_menu(now: datetime, language: str) -> str:
    """Give the menu page for a visitor who typed nothing yet.

    Everybody opens this page at once when the menu goes out, and making it costs many times what finding it
    again costs; so it is kept until something changes, and only the two secrets are new.
    """
    kept = _kept(now, language)
    kept.html = kept.html or _make(kept.page)
    return kept.html.replace(CSRF_MARK, generate_csrf()).replace(FORM_MARK, new_token())


def kept_page(now: datetime, language: str, week_id: int | None = None) -> MenuPage:
    """Give what `menu_page` gives, read anew only where something changed since."""
    page = _kept(now, language).page
    if week_id is None or (page.week and page.week.id == week_id):
        return page
    return menu_page(now, language, week_id)


def _kept(now: datetime, language: str) -> Kept:
    shelf: dict[str, Kept] = current_app.extensions.setdefault("kept_menus", {})
    number = revision.current()
    kept = shelf.get(language)
    if kept is None or kept.revision != number or not kept.made_at <= now < kept.until:
        page = menu_page(now, language)
        kept = shelf[language] = Kept(number, now, _good_until(page, now), page)
    return kept


def _good_until(page: MenuPage, now: datetime) -> datetime:
    # A second at most, so that what somebody mends by hand in the database shows too.
    turns = [now + timedelta(seconds=1), weeks.next_midnight(now)]
    if page.week:
        turns += [turn for turn in (page.week.opens_at, page.week.closes_at, page.week.ends_at) if turn > now]
    return min(turns)


def _make(page: MenuPage) -> str:
    marks = {"csrf_token": lambda: CSRF_MARK, "form_id": FORM_MARK}
    return render_template("customer/menu.html", page=page, form=None, **marks, **front_of(page))


def front_of(page: MenuPage) -> dict[str, object]:
    """Give a template the shop's front as the page has it, so that it is not read again."""
    return {"shop_name": page.front.name, "demo": page.front.demo}
