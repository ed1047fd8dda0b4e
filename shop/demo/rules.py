"""What happens in a week of the demo, the first week's real numbers, and when a week is open. Pure."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from shop.demo.people import CUSTOMERS, PLACE
from shop.menu.rules import Plan, Slot
from shop.treasury.rules import CostKind
from shop.weeks import instant, local_day

OPENING_FLOAT = 30000
FEE = 200
CAP = 70
KITCHEN_SHARE, FUEL = 1500, 600


class Fate(StrEnum):
    """What becomes of an order."""

    COMES = "comes"
    KEEPS_THE_CHANGE = "keeps_the_change"
    PAYS_LATER = "pays_later"
    CANCELS = "cancels"
    STAYS_AWAY = "stays_away"


@dataclass(frozen=True)
class Guest:
    """A customer's week. `basket` is a letter of the menu for each portion; `amended` replaces it later."""

    name: str
    basket: str
    delivered: bool = False
    spoken: bool = False
    amended: str = ""
    fate: Fate = Fate.COMES


@dataclass(frozen=True)
class Receipt:
    """What was bought in one shop, in cents, so many days after the cutoff; maybe out of a pocket."""

    kind: CostKind
    cents: int
    shop: str = ""
    days: int = 1
    regular: bool = False
    pocket: bool = False


@dataclass(frozen=True)
class Story:
    """A week: names of dishes in the order of a meal, guests, receipts, the team's meal.

    `off` is what the box holds more (or, below 0, less) than the books say, in cents. `quotas` in portions
    by letter.
    """

    menu: tuple[str, ...]
    guests: tuple[Guest, ...]
    receipts: tuple[Receipt, ...] = ()
    team: str = ""
    off: int = 0
    quotas: Mapping[str, int] = field(default_factory=dict)


MENU = (
    *("lentil-soup", "samosas", "cabbage-salad"),
    *("yassa", "mafe", "tajine"),
    *("semolina-cake", "orange-salad"),
)
"""The menu of the first week and of the one that is open; its letters are A to H."""

MARKET, BUTCHER, GROCER, PACKER = "Marché", "Boucherie", "Épicerie", "Grossiste"

PURCHASES = (
    *(("cuisses de poulet, 9 kg", 4680, BUTCHER), ("bœuf, 3,5 kg", 4375, BUTCHER)),
    *(("riz, 8 kg", 1280, GROCER), ("oignons, 12 kg", 1200, MARKET), ("carottes, 5 kg", 550, MARKET)),
    *(("courgettes, 4 kg", 880, MARKET), ("pois chiches secs, 2 kg", 640, GROCER)),
    *(("semoule, 4 kg", 760, GROCER), ("tomates pelées, 6 boîtes", 870, GROCER)),
    *(("pâte d’arachide, 2 kg", 1200, GROCER), ("citrons, 4 kg", 960, MARKET), ("moutarde", 290, GROCER)),
    *(("huile, 5 L", 950, GROCER), ("lentilles corail, 2,5 kg", 725, GROCER)),
    *(("feuilles de samoussa, 4", 1100, GROCER), ("chou, 3 kg", 360, MARKET)),
    *(("cacahuètes, 1 kg", 480, GROCER), ("semoule fine, 2 kg", 360, GROCER), ("beurre, 1 kg", 920, GROCER)),
    *(("amandes, 0,5 kg", 590, GROCER), ("oranges, 6 kg", 960, MARKET)),
    *(("épices, ail, gingembre", 900, GROCER), ("sucre, 2 kg", 260, GROCER)),
    *(("110 barquettes à 0,16", 1760, PACKER), ("30 sacs à 0,08", 240, PACKER)),
)
"""Wednesday's shopping of the first week: what, cents, where; 272.90 euros in all."""

BASKETS = (
    *("DDEF", "DDGHH", "BEG", "CCCDDE", "DDDEF", "BEE", "DF", "FFF", "DH", "ABBBDDEF", "CDEGG"),
    *("DFFGGG", "FF", "ACD", "AAAAABBDEFFFFHH", "AABBDD", "DDF", "EEGG", "DEGG", "BDDF", "EEHH"),
)
DELIVERED = frozenset({1, 4, 9, 11, 14, 18})

OPEN_BASKETS = (
    *("AEEFH", "FFGG", "EEFF", "ABD", "DFH", "DEEG", "DFGGH", "ABBBBCCDDDDD", "ADFG", "AFH"),
    *("BBCDDEF", "DE"),
)
"""The open week so far: 31 of 70 mains, so 39 are left to sell."""


def first_story() -> Story:
    """Tell the first week, whose numbers are known: 97 dishes, 55 mains, 599.50 euros, 305.60 to share."""
    return Story(MENU, _guests(BASKETS, CUSTOMERS), (*_receipts(), *regular_receipts()))


def open_story() -> Story:
    """Tell the week that is open: twelve orders so far, and a dish with a quota."""
    return Story(MENU, _guests(OPEN_BASKETS, CUSTOMERS[5:]), quotas={"B": 24})


def regular_receipts() -> tuple[Receipt, ...]:
    """List what is paid each Thursday: the kitchen's share and the car's fuel."""
    return (
        Receipt(CostKind.KITCHEN, KITCHEN_SHARE, days=2, regular=True),
        Receipt(CostKind.TRANSPORT, FUEL, days=2, regular=True),
    )


def _guests(baskets: tuple[str, ...], names: tuple[str, ...]) -> tuple[Guest, ...]:
    people = zip(names, baskets, strict=False)
    return tuple(Guest(name, basket, place in DELIVERED) for place, (name, basket) in enumerate(people))


def _receipts() -> tuple[Receipt, ...]:
    sums: Counter[str] = Counter()
    for _, cents, shop in PURCHASES:
        sums[shop] += cents
    return tuple(Receipt(kind_of(shop), cents, shop) for shop, cents in sums.items())


def kind_of(shop: str) -> CostKind:
    """Say what a shop of the demo sells."""
    return CostKind.PACKAGING if shop == PACKER else CostKind.INGREDIENTS


def plan_for(cutoff: date) -> Plan:
    """Plan a week by the day of its cutoff at 18 h: open four days before, two slots two days after."""
    evening = cutoff + timedelta(days=2)
    slots = tuple(Slot(instant(evening, time(hour)), instant(evening, time(hour + 1))) for hour in (17, 18))
    opens = instant(cutoff - timedelta(days=4), time(10))
    return Plan(opens, instant(cutoff, time(18)), slots, CAP, FEE, PLACE)


SATURDAY, MONDAY, TUESDAY = 5, 0, 1


def plan_around(now: datetime) -> Plan:
    """Plan a week that is open now and for a day at least, whatever the day.

    From Saturday to Monday it is the usual week, which closes on Tuesday; else it closes in two days.
    """
    today = local_day(now)
    usual = today.weekday() >= SATURDAY or today.weekday() == MONDAY
    wait = (TUESDAY - today.weekday()) % 7 if usual else 2
    return plan_for(today + timedelta(days=wait))
