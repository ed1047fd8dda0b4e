"""What changed since the sheet on the wall was printed. Pure."""

from collections.abc import Mapping


def changes(printed: Mapping[str, int], counts: Mapping[str, int]) -> dict[str, int]:
    """Say how many portions of each letter were added, or (below 0) taken away; equal ones are left out."""
    letters = sorted(printed.keys() | counts.keys())
    found = {letter: counts.get(letter, 0) - printed.get(letter, 0) for letter in letters}
    return {letter: more for letter, more in found.items() if more}
