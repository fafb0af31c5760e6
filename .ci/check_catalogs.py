"""Fail when a message catalog is broken or its compiled twin is out of date.

The .mo files are committed because the wheel needs them and a build machine has no
gettext. Here they are compared with what their .po file compiles to, without gettext.
"""

import re
import sys
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]")


def problems_of(source: Path) -> list[str]:
    """What is wrong with one .po file and the .mo file next to it."""
    try:
        catalog = polib.pofile(str(source), check_for_duplicates=True)
    except (OSError, ValueError) as error:
        return [f"cannot be read: {error}"]
    problems = [f"fuzzy: {entry.msgid!r}" for entry in catalog.fuzzy_entries()]
    for entry in catalog.translated_entries():
        wanted = set(PLACEHOLDER.findall(entry.msgid + entry.msgid_plural))
        for text in [entry.msgstr, *entry.msgstr_plural.values()]:
            foreign = set(PLACEHOLDER.findall(text)) - wanted
            if foreign:
                problems.append(f"unknown {', '.join(sorted(foreign))}: {text!r}")
    compiled = source.with_suffix(".mo")
    if not compiled.exists():
        problems.append("has no .mo file; run `make messages`")
    elif messages(polib.mofile(str(compiled))) != messages(catalog):
        problems.append("the .mo file is out of date; run `make messages`")
    return problems


def messages(catalog: polib.POFile | polib.MOFile) -> dict[tuple, tuple]:
    """The translated texts of a catalog, by context and source text."""
    return {
        (entry.msgctxt, entry.msgid): (entry.msgstr, *entry.msgstr_plural.values())
        for entry in catalog
        if entry.msgstr or any(entry.msgstr_plural.values())
    }


def main() -> int:
    sources = sorted((ROOT / "wagtail_helpdesk/locale").glob("*/LC_MESSAGES/*.po"))
    failed = False
    for source in sources:
        for problem in problems_of(source):
            failed = True
            print(f"{source.relative_to(ROOT)}: {problem}")
    print(
        f"{len(sources)} message catalogs {'are broken' if failed else 'are in order'}"
    )
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
