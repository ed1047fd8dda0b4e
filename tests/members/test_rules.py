"""What pseudonyms, emblems, passphrases, links and sign-ins are held to."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.errors import (
    EmblemTaken,
    LinkSpent,
    OneMemberTwice,
    PassphraseTooLong,
    PassphraseTooShort,
    PseudonymUnfit,
)
from shop.members import rules

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("safran", "Safran"),
        ("  anis   ÉTOILÉ ", "Anis étoilé"),
        ("E\u0301toile", "Étoile"),
        ("feuille-de-chou", "Feuille-de-chou"),
        ("fleur d’oranger", "Fleur d'oranger"),
        ("زعتر", "زعتر"),
    ],
)
def test_a_pseudonym_is_kept_in_one_form(typed: str, kept: str) -> None:
    assert rules.clean_pseudonym(typed) == kept
    assert rules.clean_pseudonym(kept) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "a",
        "a" * 25,
        "0487123456",
        "Ali3",
        "a@b.be",
        "a.b",
        "-ab",
        "ab-",
        "a--b",
        "٣٤٥",
        "a\u202eb",
        "½ ½",
    ],
)
def test_a_pseudonym_that_could_be_a_number_or_an_address_is_refused(typed: str) -> None:
    with pytest.raises(PseudonymUnfit):
        rules.clean_pseudonym(typed)


@given(st.text(max_size=30))
def test_whatever_is_typed_a_pseudonym_is_short_has_no_digit_and_stays_as_it_is(text: str) -> None:
    try:
        kept = rules.clean_pseudonym(text)
    except PseudonymUnfit:
        return
    assert 2 <= len(kept) <= 24
    assert not any(sign.isdigit() or sign in "@./\\<>" for sign in kept)
    assert rules.clean_pseudonym(kept) == kept


def test_there_are_24_emblems_and_each_is_drawn() -> None:
    assert len(set(rules.EMBLEMS)) == 24


def test_an_emblem_is_had_once() -> None:
    assert rules.pick_emblem([]) == rules.EMBLEMS[0]
    assert rules.pick_emblem(rules.EMBLEMS[:3]) == rules.EMBLEMS[3]
    assert rules.pick_emblem(["mint"], "sage") == "sage"
    for taken, wanted in ((["sage"], "sage"), ([], "oak"), (rules.EMBLEMS, None)):
        with pytest.raises(EmblemTaken):
            rules.pick_emblem(taken, wanted)


def test_a_passphrase_has_12_to_200_characters() -> None:
    assert rules.clean_passphrase("e\u0301" * 12) == "é" * 12
    assert rules.clean_passphrase("x" * 200)
    with pytest.raises(PassphraseTooShort):
        rules.clean_passphrase("e\u0301" * 11)
    with pytest.raises(PassphraseTooLong):
        rules.clean_passphrase("x" * 201)


def test_a_sign_in_lasts_12_hours() -> None:
    end = NOW + timedelta(hours=12)
    assert rules.sign_in_holds(NOW, NOW, end - SECOND, treasurer=False)
    assert not rules.sign_in_holds(NOW, end - SECOND, end, treasurer=False)
    assert not rules.sign_in_holds(NOW, end - SECOND, end, treasurer=True)


def test_a_treasurer_is_forgotten_after_half_an_hour_unused() -> None:
    seen = NOW + timedelta(hours=2)
    idle = seen + timedelta(minutes=30)
    assert rules.sign_in_holds(NOW, seen, idle - SECOND, treasurer=True)
    assert not rules.sign_in_holds(NOW, seen, idle, treasurer=True)
    assert rules.sign_in_holds(NOW, seen, idle, treasurer=False)


def test_a_proof_holds_ten_minutes_and_never_from_a_time_to_come() -> None:
    end = NOW + timedelta(minutes=10)
    assert rules.proof_holds(NOW, end - SECOND)
    assert not rules.proof_holds(NOW, end)
    assert not rules.proof_holds(NOW + SECOND, NOW)


def test_a_link_works_once_and_for_a_week() -> None:
    week = timedelta(days=7)
    rules.check_link(NOW, None, NOW + week - SECOND)
    for used_at, now in ((NOW, NOW + SECOND), (None, NOW + week)):
        with pytest.raises(LinkSpent):
            rules.check_link(NOW, used_at, now)


@pytest.mark.parametrize("three", [(1, 1, 2), (1, 2, 2), (1, 2, 1), (1, 1, 1)])
def test_a_new_link_takes_two_others(three: tuple[int, int, int]) -> None:
    rules.check_two(1, 2, 3)
    with pytest.raises(OneMemberTwice):
        rules.check_two(*three)
