"""What a pseudonym, an emblem, a passphrase, a one-time link and a sign-in are held to."""

import unicodedata
from collections.abc import Collection
from datetime import datetime, timedelta

from shop.errors import (
    EmblemTaken,
    LinkSpent,
    OneMemberTwice,
    PassphraseTooLong,
    PassphraseTooShort,
    PseudonymUnfit,
)

EMBLEMS = (
    *("basil", "mint", "thyme", "rosemary", "sage", "bay", "parsley", "coriander"),
    *("dill", "chive", "saffron", "pepper", "chilli", "cinnamon", "star-anise", "clove"),
    *("nutmeg", "ginger", "turmeric", "vanilla", "cardamom", "cumin", "garlic", "lemongrass"),
)
"""Herbs and spices, each a drawing; no two members share one."""

SIGN_IN_LASTS = timedelta(hours=12)
TREASURER_IDLE = timedelta(minutes=30)
PROOF_LASTS = timedelta(minutes=10)
LINK_LASTS = timedelta(days=7)
PASSPHRASE_LEAST = 12
PASSPHRASE_MOST = 200
"""More letters would make the one who hashes them work for the one who sends them."""


def clean_pseudonym(text: str) -> str:
    """Give a pseudonym as it is kept: `anis  ÉTOILÉ` is `Anis étoilé`.

    2 to 24 letters, in words parted by single spaces, hyphens or apostrophes; no digit, so that it is no
    phone number. Raises PseudonymUnfit.
    """
    # Put in capitals first: `ß` becomes two letters.
    words = " ".join(unicodedata.normalize("NFC", text).split()).replace("’", "'").capitalize()
    parts = words.replace("-", " ").replace("'", " ").split(" ")
    if not 2 <= len(words) <= 24 or not all(part.isalpha() for part in parts):
        raise PseudonymUnfit
    return words


def pick_emblem(taken: Collection[str], wanted: str | None = None) -> str:
    """Give the wanted emblem, else the first free one. Raises EmblemTaken."""
    for emblem in EMBLEMS if wanted is None else (wanted,):
        if emblem in EMBLEMS and emblem not in taken:
            return emblem
    raise EmblemTaken


def clean_passphrase(text: str) -> str:
    """Give a passphrase as it is hashed. Raises PassphraseTooShort, PassphraseTooLong."""
    words = unicodedata.normalize("NFC", text)
    if len(words) < PASSPHRASE_LEAST:
        raise PassphraseTooShort
    if len(words) > PASSPHRASE_MOST:
        raise PassphraseTooLong
    return words


def sign_in_holds(started_at: datetime, seen_at: datetime, now: datetime, treasurer: bool) -> bool:
    """Say whether a sign-in still counts: 12 hours in all, and half an hour unused for a treasurer."""
    return now - started_at < SIGN_IN_LASTS and not (treasurer and now - seen_at >= TREASURER_IDLE)


def proof_holds(proved_at: datetime, now: datetime) -> bool:
    """Say whether a passphrase was proved lately enough: ten minutes; a clock set back proves nothing."""
    return timedelta(0) <= now - proved_at < PROOF_LASTS


def check_link(made_at: datetime, used_at: datetime | None, now: datetime) -> None:
    """Refuse a one-time link after its use or after a week. Raises LinkSpent."""
    if used_at is not None or now - made_at >= LINK_LASTS:
        raise LinkSpent


def check_two(member_id: int, asked_by: int, confirmed_by: int) -> None:
    """Refuse fewer than two members beside the one whose passphrase is lost. Raises OneMemberTwice."""
    if len({member_id, asked_by, confirmed_by}) < 3:
        raise OneMemberTwice
