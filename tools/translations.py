"""The catalogues: French is the source itself, the other languages are in shop/translations.

`python3 dev.py check` lists what is missing; `python3 dev.py translate` first brings new sentences into the
catalogues, takes out those that are gone, and compiles. The compiled files are kept with the sources, so that
a shop needs no build step. French has only a compiled file, made from the sources: the same words, with the
spaces that French does not break.
"""

import io
import re
import sys
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
CATALOGUES = ROOT / "shop" / "translations"
SOURCES = {"shop": [("**.py", "python")], "templates": [("**", "jinja2")]}
KEYWORDS: dict[str, tuple[int, ...] | None] = {
    "_": None,
    "_l": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "lazy_ngettext": (1, 2),
}
SHOWN = 5
FRENCH = CATALOGUES / "fr" / "LC_MESSAGES" / "messages.mo"
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
"""In the French file's head, where the time of day would make each compiling differ."""


def sentences() -> Catalog:
    """Return every sentence of the shop and its templates."""
    found = Catalog(project="Tablée")
    for folder, methods in SOURCES.items():
        for name, _line, message, comments, _context in extract_from_dir(
            ROOT / folder, methods, keywords=KEYWORDS, comment_tags=("i18n:",), strip_comment_tags=True
        ):
            found.add(message, locations=[(f"{folder}/{name}", 0)], auto_comments=comments)
    return found


def french(sentence: str) -> str:
    """Set a sentence as French is: no line ends before `: ; ! ? »` or after `«`."""
    sentence = re.sub(r" (?=[:»])|(?<=«) ", "\u00a0", sentence)
    return re.sub(r" (?=[;!?])", "\u202f", sentence)


def french_catalogue(template: Catalog) -> Catalog:
    """Return the sentences that French sets otherwise than they are typed."""
    found = Catalog(locale="fr", creation_date=LONG_AGO, revision_date=LONG_AGO)
    for message in template:
        typed = _words(message)
        words = tuple(french(one) for one in typed)
        if message.id and list(words) != typed:
            found.add(message.id, words if len(words) > 1 else words[0])
    return found


def main(arguments: list[str]) -> int:
    """List missing translations; 1 where a catalogue was forgotten in a change of the sentences."""
    template = sentences()
    set_in_french = compiled(french_catalogue(template))
    if "update" in arguments:
        FRENCH.write_bytes(set_in_french)
    behind = FRENCH.read_bytes() != set_in_french
    if behind:
        print("fr: python3 dev.py translate")
    for path in catalogues():
        catalogue = read(path)
        if "update" in arguments:
            _update(catalogue, template, path)
            catalogue = read(path)
        missing = [
            _words(message)[0] for message in template if message.id and not is_said(catalogue, message)
        ]
        _report(path.parent.parent.name, sorted(missing), len(template))
        if path.with_suffix(".mo").read_bytes() != compiled(catalogue):
            behind = True
            print("  its compiled file is older: python3 dev.py translate")
    return int(behind)


def catalogues() -> list[Path]:
    """Return the files that people translate in, one a language."""
    return sorted(CATALOGUES.glob("*/LC_MESSAGES/messages.po"))


def read(path: Path) -> Catalog:
    """Read a language's file."""
    with path.open("rb") as file:
        return read_po(file, locale=path.parent.parent.name)


def _words(message: Message) -> list[str]:
    return [message.id] if isinstance(message.id, str) else list(message.id)


def is_said(catalogue: Catalog, message: Message) -> bool:
    """Say whether a sentence is translated, in all its plural forms."""
    known = catalogue.get(message.id)
    return known is not None and all(known.string or [""])


def _update(catalogue: Catalog, template: Catalog, path: Path) -> None:
    catalogue.update(template, no_fuzzy_matching=True, update_creation_date=False)
    catalogue.fuzzy = False
    catalogue.obsolete.clear()
    with path.open("wb") as file:
        write_po(file, catalogue, omit_header=False, no_location=True, sort_output=True, width=110)
    path.with_suffix(".mo").write_bytes(compiled(read(path)))


def compiled(catalogue: Catalog) -> bytes:
    """Return a catalogue as the shop loads it."""
    output = io.BytesIO()
    write_mo(output, catalogue)
    return output.getvalue()


def _report(language: str, missing: list[str], total: int) -> None:
    print(f"{language}: {total - len(missing)} of {total} sentences")
    for sentence in missing[:SHOWN]:
        print(f"  missing: {sentence}")
    if len(missing) > SHOWN:
        print(f"  … and {len(missing) - SHOWN} more")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
