"""The catalogues: French is the source itself, the other languages are in shop/translations.

`python3 dev.py check` lists what is missing; `python3 dev.py translate` first brings new sentences into the
catalogues, takes out those that are gone, and compiles. The compiled files are kept with the sources, so that
a shop needs no build step.
"""

import io
import sys
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


def sentences() -> Catalog:
    """Return every sentence of the shop and its templates."""
    found = Catalog(project="Tablée")
    for folder, methods in SOURCES.items():
        for name, _line, message, comments, _context in extract_from_dir(
            ROOT / folder, methods, keywords=KEYWORDS, comment_tags=("i18n:",), strip_comment_tags=True
        ):
            found.add(message, locations=[(f"{folder}/{name}", 0)], auto_comments=comments)
    return found


def main(arguments: list[str]) -> int:
    """List missing translations; 1 where a catalogue was forgotten in a change of the sentences."""
    template, behind = sentences(), False
    for path in sorted(CATALOGUES.glob("*/LC_MESSAGES/messages.po")):
        catalogue = _read(path)
        if "update" in arguments:
            _update(catalogue, template, path)
            catalogue = _read(path)
        missing = [
            _words(message)[0] for message in template if message.id and not _is_said(catalogue, message)
        ]
        _report(path.parent.parent.name, sorted(missing), len(template))
        if path.with_suffix(".mo").read_bytes() != _compiled(catalogue):
            behind = True
            print("  its compiled file is older: python3 dev.py translate")
    return int(behind)


def _read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=path.parent.parent.name)


def _words(message: Message) -> list[str]:
    return [message.id] if isinstance(message.id, str) else list(message.id)


def _is_said(catalogue: Catalog, message: Message) -> bool:
    known = catalogue.get(message.id)
    return known is not None and all(known.string or [""])


def _update(catalogue: Catalog, template: Catalog, path: Path) -> None:
    catalogue.update(template, no_fuzzy_matching=True, update_creation_date=False)
    catalogue.fuzzy = False
    catalogue.obsolete.clear()
    with path.open("wb") as file:
        write_po(file, catalogue, omit_header=False, no_location=True, sort_output=True, width=110)
    path.with_suffix(".mo").write_bytes(_compiled(_read(path)))


def _compiled(catalogue: Catalog) -> bytes:
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
