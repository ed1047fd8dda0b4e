"""Every sentence is said in each language, and every page and letter speaks the reader's one."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import force_locale, ngettext
from sqlalchemy import select

from config import ROOT
from shop.extensions import db
from shop.outbox import Letter
from shop.pages import LANGUAGES, LOCALES, say_moment
from tests.customer.ordering import place_order
from tests.factories import make_week, sign_in
from tools import translations

CATALOGUES = translations.catalogues()
FOR_ALL = re.compile(r"templates/(customer|errors|kitchen|macros|_languages|base|members/(sign_in|welcome))")
"""Who reads these may know no French: nothing on them is left to be said later."""

MAY_SPEAK = re.compile(r"forms|fields|mails|views")
"""The modules with words for people; a blueprint under another name speaks like views."""

FORBIDDEN = {
    "fr": re.compile(r"salaire|salari[ée]|dividende|d[ée]fraiement|b[ée]n[ée]fices?\b", re.IGNORECASE),
    "en": re.compile(
        r"\b(salar(y|ies)|wages?|dividends?|profits?)\b(?<!non-profits)(?<!non-profit)", re.IGNORECASE
    ),
    "ar": re.compile(r"\b[وبكف]?(?:ال|لل)?(?:راتب|رواتب|أجر|أجور|أرباح|ربح)\b"),
}
"""What the cooks receive is none of these, and no page needs the words otherwise (ledger.md section 3)."""

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w+\}")


@pytest.fixture(scope="module")
def sentences() -> Catalog:
    return translations.sentences()


def said(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string)


def words(message: Message) -> list[str]:
    return [message.id] if isinstance(message.id, str) else list(message.id)


def language(path: Path) -> str:
    return path.parent.parent.name


def test_each_language_of_the_menu_has_its_words() -> None:
    assert {language(path) for path in CATALOGUES} == LANGUAGES.keys() - {"fr"}


@pytest.mark.parametrize("path", CATALOGUES, ids=language)
def test_what_everybody_reads_is_said(path: Path, sentences: Catalog) -> None:
    known = translations.read(path)
    public = [one for one in sentences if any(FOR_ALL.match(place) for place, _line in one.locations)]
    assert len(public) > 150
    assert [one.id for one in public if one.id and not translations.is_said(known, one)] == []


@pytest.mark.parametrize("path", CATALOGUES, ids=language)
def test_the_compiled_words_are_fresh_and_certain(path: Path) -> None:
    known = translations.read(path)
    assert path.with_suffix(".mo").read_bytes() == translations.compiled(known)
    assert [one.id for one in known if one.id and one.fuzzy] == []


def test_french_is_set_with_spaces_that_do_not_break(sentences: Catalog) -> None:
    assert translations.FRENCH.read_bytes() == translations.compiled(translations.french_catalogue(sentences))
    assert translations.french("« A » : b ? c ; d !") == "«\u00a0A\u00a0»\u00a0: b\u202f? c\u202f; d\u202f!"


@pytest.mark.parametrize("path", CATALOGUES, ids=language)
def test_a_translation_fills_the_same_blanks(path: Path) -> None:
    known = translations.read(path)
    for message in known:
        blanks = set(PLACEHOLDER.findall(words(message)[-1]))
        for form, text in enumerate(said(message)):
            # « One » and « two » may be words; a form for many numbers must hold the number.
            may_lack = {"%(num)s"} if message.pluralizable and form < known.num_plurals - 3 else set()
            found = set(PLACEHOLDER.findall(text))
            assert not text or blanks - may_lack <= found <= blanks, text


def test_no_sentence_speaks_of_salaries_or_dividends(sentences: Catalog) -> None:
    spoken = {"fr": [text for one in sentences for text in ([one.id] if isinstance(one.id, str) else one.id)]}
    for path in CATALOGUES:
        spoken[language(path)] = [text for one in translations.read(path) for text in said(one)]
    assert spoken.keys() == FORBIDDEN.keys()
    assert [text for code, texts in spoken.items() for text in texts if FORBIDDEN[code].search(text)] == []


@pytest.mark.parametrize(
    ("code", "text"),
    [("fr", "Votre Salaire"), ("fr", "le défraiement"), ("fr", "un bénéfice"), ("fr", "des dividendes"),
     ("en", "Your wages"), ("en", "a salary"), ("en", "the profit"), ("ar", "الراتب"), ("ar", "أجور")],
)  # fmt: skip
def test_the_control_such_a_sentence_is_seen(code: str, text: str) -> None:
    assert FORBIDDEN[code].search(text)


def test_a_french_plural_fills_the_same_blanks(sentences: Catalog) -> None:
    plurals = [one.id for one in sentences if one.pluralizable]
    assert plurals
    assert [one for one in plurals if len({*map(str, map(sorted, map(PLACEHOLDER.findall, one)))}) > 1] == []


def test_only_what_faces_people_speaks() -> None:
    for path in (ROOT / "shop").rglob("*.py"):
        source = path.read_text()
        if re.search(r"^from flask_babel import .*gettext", source, re.M):
            faces_people = MAY_SPEAK.search(path.stem) or re.search(r"^\w*blueprint = ", source, re.M)
            assert faces_people, f"{path.name} has words for people: they belong into templates"


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "لم يبقَ أيّ طبق"),
        (1, "بقي طبق واحد"),
        (2, "بقي طبقان"),
        (5, "بقيت 5 أطباق"),
        (15, "بقي 15 طبقًا"),
        (100, "بقي 100 طبق"),
    ],
)
def test_arabic_counts_in_six_ways(app: Flask, number: int, text: str) -> None:
    with app.test_request_context(), force_locale("ar"):
        assert ngettext("Il reste %(num)s plat", "Il reste %(num)s plats", number) == text


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("fr", "mardi 24 novembre, 18\u00a0h"),
        ("en", "Tuesday 24 November, 18:00"),
        ("ar", "الثلاثاء 24 نوفمبر، 18:00"),
    ],
)
def test_a_moment_is_said_in_each_language(app: Flask, code: str, text: str) -> None:
    with app.test_request_context(), force_locale(LOCALES[code]):
        assert say_moment(datetime(2026, 11, 24, 17, tzinfo=UTC)) == text


@pytest.mark.parametrize(
    ("code", "direction", "text"),
    [
        ("fr", "ltr", "Commandez jusqu’à mardi 18\u00a0h."),
        ("en", "ltr", "Order by Tuesday 18:00."),
        ("ar", "rtl", "اطلبوا قبل الثلاثاء 18:00."),
    ],
)
def test_a_page_speaks_its_reader(client: FlaskClient, code: str, direction: str, text: str) -> None:
    with client.application.app_context():
        make_week()
    client.set_cookie("language", code)
    page = client.get("/").text
    assert f'<html lang="{code}" dir="{direction}">' in page
    assert text in page


def test_a_letter_is_written_in_the_order_s_language(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        make_week()
    client.set_cookie("language", "ar")
    number = place_order(client, email="nour@example.org", q_2=1)
    with app.test_request_context(headers={"Accept-Language": "fr"}):
        letter = db.session.scalars(select(Letter)).one()
        assert letter.sealed
        content = letter.sealed.value
    assert content["subject"] == f"الطلب {number}: تمّ تسجيله"
    assert "للدفع: \u20668,50\u00a0€\u2069، نقدًا." in content["text"]
    assert '<html lang="ar" dir="rtl">' in content["html"]


def test_a_member_works_in_english(client: FlaskClient) -> None:
    with client.application.app_context():
        make_week()
    sign_in(client)
    client.set_cookie("language", "en")
    page = client.get("/collective/").text
    assert "0 main dishes of 70" in page
