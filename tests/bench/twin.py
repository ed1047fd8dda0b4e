"""The smallest honest order flow in Flask, to compare with: raw sqlite3, the same promises."""

import hmac
import os
import secrets
import sqlite3
import threading

from flask import Flask, abort, redirect, render_template, request, session
from jinja2 import DictLoader
from werkzeug.wrappers import Response

app = Flask(__name__)
app.secret_key = "a twin has no secret worth keeping, but a long one"
DATABASE = os.environ.get("TWIN_DATABASE", ":memory:")
BARE = "x" * int(os.environ.get("BARE_BYTES", "1"))
CAP = 100_000
here = threading.local()

SCHEMA = """
CREATE TABLE IF NOT EXISTS dish (id INTEGER PRIMARY KEY, name TEXT, price INTEGER, main INTEGER);
CREATE TABLE IF NOT EXISTS placed (number INTEGER PRIMARY KEY, token TEXT, form TEXT UNIQUE, name TEXT, phone TEXT, email TEXT);
CREATE TABLE IF NOT EXISTS line (number INTEGER, dish INTEGER, quantity INTEGER, price INTEGER);
CREATE TABLE IF NOT EXISTS letter (number INTEGER, recipient TEXT, body TEXT);
"""
DISHES = ("Soupe", "Yassa", "Mafé", "Salade", "Crème", "Gâteau")

FORM = """<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>Menu</title></head><body><h1>Menu</h1>
<p>Il reste {{ left }} plats.</p><form method="post" action="/orders">
<input type="hidden" name="csrf_token" value="{{ token }}"><input type="hidden" name="form_id" value="{{ form_id }}">
{% for id, name, price, main in dishes %}<p><label for="q-{{ id }}">{{ name }} {{ "%.2f"|format(price / 100) }} €</label>
<input name="q-{{ id }}" id="q-{{ id }}" inputmode="numeric"></p>{% endfor %}
<input name="name"><input name="phone"><input name="email"><button>Commander</button></form></body></html>"""
PAGE = """<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>Commande</title></head><body>
<h1>Commande {{ number }}</h1><p>{{ name }} {{ phone }}</p>
<ul>{% for dish, quantity, price in lines %}<li>{{ quantity }} × {{ dish }} {{ "%.2f"|format(price * quantity / 100) }} €</li>
{% endfor %}</ul><p>{{ "%.2f"|format(total / 100) }} €</p></body></html>"""
LETTER = "Commande {{ number }} : c’est noté. {{ name }}, le total est de {{ total }}."

app.jinja_env.loader = DictLoader({"form": FORM, "page": PAGE, "letter": LETTER})


def database() -> sqlite3.Connection:
    """Give this thread's connection."""
    if not hasattr(here, "connection"):
        here.connection = sqlite3.connect(DATABASE, isolation_level=None, timeout=10)
        here.connection.execute("PRAGMA journal_mode=WAL")
        here.connection.execute("PRAGMA synchronous=FULL")
        here.connection.executescript(SCHEMA)
        rows = [(number, name, 850, number in (2, 3)) for number, name in enumerate(DISHES, 1)]
        here.connection.executemany("INSERT OR IGNORE INTO dish VALUES (?, ?, ?, ?)", rows)
    found: sqlite3.Connection = here.connection
    return found


TAKEN = "SELECT coalesce(sum(quantity), 0) FROM line JOIN dish ON dish.id = line.dish WHERE main"


@app.get("/bare")
def bare() -> str:
    """Give as many bytes as the shop's menu has, and do nothing."""
    return BARE


@app.get("/")
def menu() -> str:
    """Show the form."""
    token = session.setdefault("csrf", secrets.token_hex(20))
    left = CAP - database().execute(TAKEN).fetchone()[0]
    dishes = database().execute("SELECT id, name, price, main FROM dish").fetchall()
    form_id = secrets.token_urlsafe(16)
    return render_template("form", token=token, form_id=form_id, dishes=dishes, left=left)


@app.post("/orders")
def place() -> Response:
    """Place an order under the write lock, with its letter."""
    if not hmac.compare_digest(session.get("csrf", ""), request.form["csrf_token"]):
        abort(400)
    wanted = {int(key[2:]): int(many) for key, many in request.form.items() if key.startswith("q-") and many}
    connection = database()
    connection.execute("BEGIN IMMEDIATE")
    try:
        prices = {row[0]: row[1:] for row in connection.execute("SELECT id, price, main FROM dish")}
        mains = sum(many for dish, many in wanted.items() if prices[dish][1])
        if mains + connection.execute(TAKEN).fetchone()[0] > CAP:
            abort(422)
        number = connection.execute("SELECT coalesce(max(number), 1000) + 1 FROM placed").fetchone()[0]
        who = [request.form[name] for name in ("name", "phone", "email")]
        token = secrets.token_urlsafe(16)
        row = (number, token, request.form["form_id"], *who)
        connection.execute("INSERT INTO placed VALUES (?, ?, ?, ?, ?, ?)", row)
        lines = [(number, dish, many, prices[dish][0]) for dish, many in wanted.items()]
        connection.executemany("INSERT INTO line VALUES (?, ?, ?, ?)", lines)
        total = sum(many * price for _, _, many, price in lines)
        body = render_template("letter", number=number, name=who[0], total=total)
        connection.execute("INSERT INTO letter VALUES (?, ?, ?)", (number, who[2], body))
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    answer = redirect(f"/o/{number}", 303)
    answer.set_cookie(f"order-{number}", token, httponly=True, path="/o/")
    return answer


@app.get("/o/<int:number>")
def show(number: int) -> str:
    """Show an order to who placed it."""
    found = database().execute("SELECT token, name, phone FROM placed WHERE number = ?", (number,)).fetchone()
    if not found or not hmac.compare_digest(found[0], request.cookies.get(f"order-{number}", "")):
        abort(404)
    lines = (
        database()
        .execute(
            "SELECT name, quantity, line.price FROM line JOIN dish ON dish.id = line.dish WHERE number = ?",
            (number,),
        )
        .fetchall()
    )
    total = sum(quantity * price for _, quantity, price in lines)
    return render_template("page", number=number, name=found[1], phone=found[2], lines=lines, total=total)
