"""One person under two spellings, a name that is no person, a name that an account here bears."""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from annotate.importing.tables import BLANKS

NOT_PEOPLE = {"gold", "golden", "gold_label", "truth", "ground_truth", "consensus", "majority"}
A_NUMBER = re.compile(r"-?\d+\.0+")


def folded(name: str) -> str:
    """What is left of a name when spelling is taken off: NFKC, case, invisible and doubled blanks,
    and the “.0” that spreadsheets put behind numbers.

    >>> folded(" Ann  LEE"), folded("69.0")
    ('ann lee', '69')
    """
    plain = unicodedata.normalize("NFKC", name.translate(BLANKS)).casefold()
    plain = " ".join(plain.split())
    return plain.split(".")[0] if A_NUMBER.fullmatch(plain) else plain


def spellings(names: Iterable[str], known: Iterable[str]) -> dict[str, list[str]]:
    """Names that are probably one person, most frequent first, by what they fold to; `known` are
    the people already there, who come before all others.
    """
    counts = Counter(names)
    there = set(known)
    groups: defaultdict[str, set[str]] = defaultdict(set)
    for name in {*counts, *there}:
        groups[folded(name)].add(name)
    return {
        key: sorted(group, key=lambda name: (name not in there, -counts[name], name))
        for key, group in groups.items()
        if len(group) > 1 and group & set(counts)
    }


def joined(groups: Mapping[str, list[str]]) -> dict[str, str]:
    """Each spelling but the first → the first."""
    return {name: group[0] for group in groups.values() for name in group[1:]}


def no_people(names: Iterable[str]) -> list[str]:
    return sorted({name for name in names if folded(name).replace(" ", "_") in NOT_PEOPLE})
