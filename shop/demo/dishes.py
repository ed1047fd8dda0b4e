"""The cards of the demo: what a solidarity kitchen in Liège may cook."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from shop.menu.rules import DishKind


@dataclass(frozen=True)
class Recipe:
    """A dish: price in cents, `names` and `contents` by language, codes of the rest."""

    key: str
    kind: DishKind
    price: int
    names: Mapping[str, str]
    contents: Mapping[str, str]
    diets: tuple[str, ...]
    allergens: tuple[str, ...]


def recipes() -> list[Recipe]:
    """Read the cards, in the order they were written."""
    rows = json.loads(Path(__file__).with_name("dishes.json").read_text(encoding="utf-8"))
    return [Recipe(**{**row, "kind": DishKind(row["kind"])}) for row in rows]


def keys_by_kind() -> dict[DishKind, list[str]]:
    """List the keys of the cards of each kind."""
    found: dict[DishKind, list[str]] = {kind: [] for kind in DishKind}
    for recipe in recipes():
        found[recipe.kind].append(recipe.key)
    return found
