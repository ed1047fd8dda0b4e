"""Weeks drawn by chance, the same for the same seed: menus, guests, purchases and what goes otherwise."""

from collections.abc import Sequence
from dataclasses import replace
from random import Random

from shop.demo.dishes import keys_by_kind
from shop.demo.people import CUSTOMERS
from shop.demo.rules import (
    BUTCHER,
    CAP,
    GROCER,
    MARKET,
    PACKER,
    Fate,
    Guest,
    Receipt,
    Story,
    kind_of,
    regular_receipts,
)
from shop.menu.rules import DishKind

CHOSEN = {DishKind.STARTER: 3, DishKind.MAIN: 3, DishKind.DESSERT: 2, DishKind.DRINK: 1}
"""How many dishes of each kind a menu has."""

STARTERS, MAINS, SWEETS = "ABC", "DEF", "GHI"
"""The letters of such a menu; I is a drink."""

TABLES = (1, 1, 2, 2, 2, 3, 3, 4, 5)
"""How many people an order is for."""

MAIN_COSTS, OTHER_COSTS = 390, 140
"""Cents of purchases for each portion; the first week's, about."""

SHOPS = ((BUTCHER, 33), (MARKET, 18), (GROCER, 42), (PACKER, 7))
"""Where the money goes, in hundredths."""


def draw_story(chance: Random) -> Story:
    """Draw a week of about twenty customers, who always leave two plates for the team."""
    by_kind = keys_by_kind()
    menu = tuple(key for kind, many in CHOSEN.items() for key in chance.sample(by_kind[kind], many))
    guests = _with_fates(chance, _draw_guests(chance))
    return Story(
        menu,
        tuple(guests),
        (*_draw_receipts(chance, guests), *regular_receipts()),
        team="".join(sorted(chance.choices(MAINS, k=2))),
        off=chance.choice((0, 0, 0, 0, -50, 20)),
    )


def _draw_guests(chance: Random) -> list[Guest]:
    guests, plates = [], CAP - 2
    for place, name in enumerate(chance.sample(CUSTOMERS, chance.randint(18, 23))):
        people = chance.choice(TABLES)
        plates -= people
        if plates < 0:
            break
        basket = chance.choices(MAINS, weights=(24, 14, 17), k=people)
        basket += [letter for letter in chance.choices(STARTERS, k=people) if chance.random() < 0.42]
        basket += [letter for letter in chance.choices(SWEETS, k=people) if chance.random() < 0.34]
        spoken = place in {6, 12}
        guests.append(Guest(name, "".join(sorted(basket)), not spoken and chance.random() < 0.28, spoken))
    return guests


def _with_fates(chance: Random, guests: list[Guest]) -> list[Guest]:
    """Let a few things go otherwise; each week has a change, a cancellation and some kept change."""
    fates = [Fate.CANCELS, Fate.KEEPS_THE_CHANGE, Fate.KEEPS_THE_CHANGE]
    fates += [Fate.STAYS_AWAY] if chance.random() < 0.6 else []
    fates += [Fate.PAYS_LATER] if chance.random() < 0.3 else []
    chosen = chance.sample([place for place, guest in enumerate(guests) if not guest.spoken], len(fates) + 1)
    for place, fate in zip(chosen[1:], fates, strict=True):
        guests[place] = replace(guests[place], fate=fate)
    changed = guests[chosen[0]]
    guests[chosen[0]] = replace(changed, amended=(changed.basket[:-1] or changed.basket) + "G")
    return guests


def _draw_receipts(chance: Random, guests: Sequence[Guest]) -> list[Receipt]:
    """Draw what the week's food cost, to five cents as in shops that round."""
    portions = "".join(guest.basket for guest in guests if guest.fate is not Fate.CANCELS)
    mains = sum(letter in MAINS for letter in portions)
    total = (mains * MAIN_COSTS + (len(portions) - mains) * OTHER_COSTS) * chance.randint(92, 108) // 100
    receipts = [Receipt(kind_of(shop), total * part // 500 * 5, shop) for shop, part in SHOPS]
    if chance.random() < 0.5:
        receipts[2] = replace(receipts[2], pocket=True)
    return receipts
