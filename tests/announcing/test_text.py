"""The text to paste and the half page."""

import html
import re

from flask import Flask
from flask.testing import FlaskClient

from shop.menu.services import cancel_week
from shop.transaction import transaction
from tests.factories import make_plan, make_week, sign_in

TEXT = """Plats solidaires – le menu de jeudi 26 novembre

Entrées
A. Soupe de lentilles corail (végane) : 3,00 €

Plats
B. Poulet yassa, riz : 8,50 €

Desserts
C. Salade d’oranges (végane) : 2,50 €

Commandez jusqu’à mardi 24 novembre, 18 h :
http://127.0.0.1:8000
À retirer jeudi 26 novembre, de 17 h à 19 h. Ou livré, pour 2,00 € de plus."""


def pasted(page: str) -> str:
    found = re.search(r'<pre class="week-text"[^>]*>(.*?)</pre>', page, re.S)
    assert found
    return html.unescape(found[1]).replace("\u00a0", " ").replace("\u202f", " ").strip()


def test_the_text_reads_well_in_a_chat(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        make_week(plan=make_plan())
    sign_in(client)
    page = client.get("/collective/weeks/2026-W48/announce").text
    assert pasted(page) == TEXT
    assert "Rue de la Démo" not in page
    assert pasted(client.get("/collective/").text) == TEXT


def test_a_week_called_off_is_not_announced(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        week_id = make_week().id
        with transaction():
            cancel_week(week_id)
    sign_in(client)
    assert client.get("/collective/weeks/2026-W48/announce").status_code == 404
