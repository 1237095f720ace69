"""Which rows of a dataset a model learns from, is tuned on and is tested on.

One normalised text decides for all items that have it, so that no test is partly a memory test.
What an import says otherwise is kept, counted and said, or moved, as the rule has it.
"""

import hashlib
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from annotate.errors import Invalid
from annotate.importing.tables import BLANKS
from annotate.models import Item
from labeler.dataset_rows import DatasetRow

SPLITS = (Item.Split.TRAIN.value, Item.Split.VALIDATION.value, Item.Split.TEST.value)
KEEP, MOVE = "keep", "move"


class BadSplits(Invalid):
    code = "bad-splits"


def normalised(text: str) -> str:
    """What two texts share that a reader takes for the same: NFKC, case and blanks taken off.

    >>> normalised("A  text ") == normalised("a text")
    True
    """
    plain = unicodedata.normalize("NFKC", text.translate(BLANKS)).casefold()
    return " ".join(plain.split())


@dataclass(frozen=True)
class SplitRule:
    """Items that came with a split keep it, with all that have the same text; others fall by a hash
    of their id, so that an item never changes sides. `contradictions`: what happens where an import
    puts one text into two splits: they are kept, or all of it moves to train.
    """

    validation_share: float = 0.1
    test_share: float = 0.2
    seed: int = 0
    contradictions: str = KEEP

    def check(self) -> None:
        shares = (self.validation_share, self.test_share)
        if not (all(0 < share < 1 for share in shares) and sum(shares) < 1):
            raise BadSplits(
                "validation and test shares lie between 0 and 1 and leave something to train on."
            )
        if self.contradictions not in (KEEP, MOVE):
            raise BadSplits(f"contradictions is {KEEP} or {MOVE}.")

    def draw(self, word: str) -> float:
        """0 to 1, always the same for one word and seed."""
        digest = hashlib.sha256(f"{self.seed}:{word}".encode()).digest()
        return int.from_bytes(digest[:8]) / 2**64

    def split_of(self, word: str) -> str:
        draw = self.draw(word)
        if draw < self.test_share:
            return Item.Split.TEST.value
        is_validation = draw < self.test_share + self.validation_share
        return Item.Split.VALIDATION.value if is_validation else Item.Split.TRAIN.value


@dataclass(frozen=True)
class SplitNotes:
    """n_contradicting: texts that stand in more than one split because an import says so; n_moved:
    rows that were moved to end that; n_carved: rows taken from train for validation, where an
    import brought none; lacking: split → labels that no row of it has.
    """

    n_contradicting: int
    n_moved: int
    n_carved: int
    lacking: Mapping[str, list[str]]


def assign_splits(rows: Sequence[DatasetRow], rule: SplitRule, labels: Sequence[str]) -> SplitNotes:
    """Set `split` of every row, which holds what was imported or “”. Raises BadSplits when a split
    would be empty.
    """
    rule.check()
    groups: defaultdict[str, list[DatasetRow]] = defaultdict(list)
    for row in rows:
        groups[normalised(row.text)].append(row)
    came_split = any(row.split for row in rows)
    n_contradicting = n_moved = 0
    for group in groups.values():
        imported = {row.split for row in group if row.split}
        if len(imported) > 1:
            n_contradicting += rule.contradictions == KEEP
            n_moved += _contradicting(group, rule)
        else:
            split = next(iter(imported), "") or rule.split_of(group[0].item_id)
            for row in group:
                row.split = split
    n_carved = _carve_validation(list(groups.values()), rule) if came_split else 0
    _refuse_empty(rows)
    return SplitNotes(n_contradicting, n_moved, n_carved, _lacking(rows, labels))


def _contradicting(group: list[DatasetRow], rule: SplitRule) -> int:
    """Rows without an imported split go to train either way: there they can leak into nothing."""
    moved = 0
    for row in group:
        if rule.contradictions == MOVE:
            moved += row.split not in ("", Item.Split.TRAIN.value)
            row.split = Item.Split.TRAIN.value
        else:
            row.split = row.split or Item.Split.TRAIN.value
    return moved


def _carve_validation(groups: Sequence[list[DatasetRow]], rule: SplitRule) -> int:
    """Where an import brought train and test and no validation, take it from train, text by text.
    Returns the number of rows taken.
    """
    rows = [row for group in groups for row in group]
    if any(row.split == Item.Split.VALIDATION.value for row in rows):
        return 0
    of_train = [g for g in groups if {row.split for row in g} == {Item.Split.TRAIN.value}]
    wanted = rule.validation_share / (1 - rule.test_share) * len(of_train)
    n = min(max(1, round(wanted)), len(of_train) - 1)
    ordered = sorted(of_train, key=lambda group: rule.draw(group[0].item_id))
    taken = [row for group in ordered[: max(0, n)] for row in group]
    for row in taken:
        row.split = Item.Split.VALIDATION.value
    return len(taken)


def _refuse_empty(rows: Sequence[DatasetRow]) -> None:
    counts = Counter(row.split for row in rows)
    empty = [split for split in SPLITS if not counts[split]]
    if empty:
        raise BadSplits(
            f"The {empty[0]} split would be empty: {len(rows)} items with {counts['train']} to"
            f" train on, {counts['validation']} to validate and {counts['test']} to test. Answer"
            " more items, change the shares, or import other splits."
        )


def _lacking(rows: Sequence[DatasetRow], labels: Sequence[str]) -> dict[str, list[str]]:
    there = {split: {r.hard_label for r in rows if r.split == split} for split in SPLITS}
    lacking = {split: [label for label in labels if label not in there[split]] for split in SPLITS}
    return {split: missing for split, missing in lacking.items() if missing}
