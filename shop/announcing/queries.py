"""What is told about a week: the menu, its prices, until when, and the shop's address. Never the place."""

from dataclasses import dataclass

from flask import current_app

from shop.members.queries import Front, front
from shop.menu.queries import menu_lines
from shop.menu.rules import COURSES, DishKind, Line, WeekFacts, said


@dataclass(frozen=True)
class Told:
    """A dish as it is announced; price in cents."""

    letter: str
    name: str
    contents: str
    diets: tuple[str, ...]
    price: int


@dataclass(frozen=True)
class Announcement:
    """A week's menu by course, and where to order."""

    front: Front
    week: WeekFacts
    courses: tuple[tuple[DishKind, tuple[Told, ...]], ...]
    address: str


def announcement(week: WeekFacts, language: str) -> Announcement:
    """Give what may be told about a week in a language."""
    lines = menu_lines(week.id)
    courses = [
        (kind, tuple(_told(line, language) for line in lines if line.kind is kind)) for kind in COURSES
    ]
    return Announcement(
        front=front(),
        week=week,
        courses=tuple((kind, dishes) for kind, dishes in courses if dishes),
        address=current_app.config["SETTINGS"].base_url,
    )


def _told(line: Line, language: str) -> Told:
    name, contents = said(line.names, language), said(line.contents, language)
    return Told(line.letter, name, contents, line.diets, line.price)
