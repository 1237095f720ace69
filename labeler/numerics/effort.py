"""Signs that somebody may not be reading: questions to ask a person, never verdicts on one."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from labeler.numerics.arrays import MISSING, Answers, Floats, Ints
from labeler.numerics.confidence.others import agreeing_share

# characters a second that nobody reads: three times silent reading (Brysbaert 2019: 238 English
# words a minute)
READS = 60.0
FEWEST = 30  # answers below which nothing is asked
UNLIKELY = 1e-4  # chance of seeing this in somebody who answers as the others do
MUCH = 0.5  # share of answers
NOTHING = 1e-9  # a fall that is only rounding


@dataclass(frozen=True)
class Sign:
    """Of one annotator (code): what was seen (`value`), what is usual in the project (`usual`),
    and the answers it rests on (`n`).
    """

    annotator: int
    sign: str
    value: float
    usual: float
    n: int


def effort_signs(answers: Answers, n_characters: Ints, rank: Floats) -> list[Sign]:
    """Every sign, annotator by annotator.

    n_characters: (N,) length of each item's text
    rank: (n_answers,) order in time, any unit

    too_fast: share of answers faster than their text can be read. same_label_in_a_row: the least
    likely run of one label. ignores_the_text: agreement with others that is no better than the
    person's usual labels would reach on any text, where somebody who agrees as people usually do
    would surely show. same_confidence: share of the commonest confidence. drift: fall of agreement,
    beside the others on the same items, from the first half of the answers to the second. Runs and
    drift need an order in time; without one they are not looked for.
    """
    share, _ = agreeing_share(answers)
    order = np.lexsort((rank, answers.annotator))
    ends = np.flatnonzero(np.diff(answers.annotator[order])) + 1
    people = [group for group in np.split(order, ends) if group.size >= FEWEST]
    usual = {
        "too_fast": _mean([_too_fast(answers, mine, n_characters)[0] for mine in people]),
        "same_label_in_a_row": (
            float(np.median([_runs(answers.label[mine])[1].max() for mine in people]))
            if people
            else 0.0
        ),
        "same_confidence": _mean([_same_confidence(answers, mine)[0] for mine in people]),
        "ignores_the_text": float(np.nanmean(share)) if np.isfinite(share).any() else 0.0,
        "drift": 0.0,
    }
    used = np.bincount(answers.label, minlength=answers.n_labels) / max(1, len(answers))
    beside = share - _mean_of_others(answers, share)
    return [
        Sign(int(answers.annotator[mine[0]]), kind, value, usual[kind], n)
        for mine in people
        for kind, value, n in _of_one(answers, mine, n_characters, has_order(rank[mine]), used)
    ] + [
        Sign(int(answers.annotator[mine[0]]), kind, value, usual[kind], n)
        for mine in people
        for kind, value, n in _beside_others(
            answers.label[mine],
            share[mine],
            beside[mine],
            has_order(rank[mine]),
            used,
            usual["ignores_the_text"],
        )
    ]


def has_order(rank: Floats) -> bool:
    """Whether answers have an order in time: those of an imported file came at one moment, and
    its row order says nothing about a person.
    """
    return bool(np.isfinite(rank).all() and np.unique(rank).size * 2 > rank.size)


def _of_one(
    answers: Answers, mine: Ints, n_characters: Ints, in_order: bool, used: Floats
) -> Iterator[tuple[str, float, int]]:
    """Signs that need nobody else's answers; `used`: (K,) how often each label is given in the
    project.
    """
    fast, n_timed = _too_fast(answers, mine, n_characters)
    if fast is not None and fast >= MUCH:
        yield "too_fast", fast, n_timed
    label, length = _runs(answers.label[mine])
    chance = np.where(used[label] < 1, mine.size * (1 - used[label]) * used[label] ** length, 1.0)
    if in_order and chance.min() < UNLIKELY:
        yield "same_label_in_a_row", float(length[chance.argmin()]), mine.size
    same, n_said = _same_confidence(answers, mine)
    if same is not None and same > 1 - 1 / n_said:
        yield "same_confidence", same, n_said


def _beside_others(
    label: Ints, share: Floats, beside: Floats, in_order: bool, used: Floats, usual: float
) -> Iterator[tuple[str, float, int]]:
    known = np.isfinite(share)
    label, share = label[known], share[known]
    if share.size < FEWEST:
        return
    # somebody who does not read agrees as often as others use the labels they happen to give
    chance = used[label]
    line = chance.sum() - ndtri(0.05) * np.sqrt((chance * (1 - chance)).sum())
    would_show = usual * share.size - line > line - chance.sum()
    if would_show and share.sum() < line:
        yield "ignores_the_text", float(share.mean()), share.size
    if in_order:
        yield from _drift(beside)


def _mean_of_others(answers: Answers, share: Floats) -> Floats:
    """(n_answers,) mean agreement of the other people on the same item: low on a hard item, or
    next to somebody who drifts.
    """
    known = np.isfinite(share)
    total = np.bincount(answers.item[known], weights=share[known], minlength=answers.n_items)
    n = np.bincount(answers.item[known], minlength=answers.n_items)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray((total[answers.item] - share) / (n[answers.item] - 1))


def _drift(beside: Floats) -> Iterator[tuple[str, float, int]]:
    """beside: a person's agreement less that of the others on the same items, in order of time."""
    beside = beside[np.isfinite(beside)]
    if beside.size < FEWEST:
        return
    half = beside.size // 2
    fall = float(beside[:half].mean() - beside[half:].mean())
    error = np.sqrt(beside[:half].var() / half + beside[half:].var() / (beside.size - half))
    if fall > max(-ndtri(UNLIKELY) * error, NOTHING):
        yield "drift", -fall, beside.size


def _too_fast(answers: Answers, mine: Ints, n_characters: Ints) -> tuple[float | None, int]:
    """(share of answers given faster than READS characters a second, answers whose time is
    known); None when those are too few.
    """
    seconds = answers.seconds[mine]
    known = np.isfinite(seconds)
    n = int(known.sum())
    return (
        float(
            (
                n_characters[answers.item[mine]][known] > READS * np.maximum(seconds[known], 1e-3)
            ).mean()
        )
        if n >= FEWEST
        else None
    ), n


def _same_confidence(answers: Answers, mine: Ints) -> tuple[float | None, int]:
    """(share of the commonest confidence, answers that state one); None when those are too few."""
    said = answers.confidence[mine]
    said = said[said != MISSING]
    return (float(np.bincount(said).max() / said.size) if said.size >= FEWEST else None), said.size


def _runs(label: Ints) -> tuple[Ints, Ints]:
    """(label of each run, its length).

    >>> [part.tolist() for part in _runs(np.array([1, 0, 0, 0, 1]))]
    [[1, 0, 1], [1, 3, 1]]
    """
    starts = np.flatnonzero(np.diff(label, prepend=-1))
    return label[starts].astype(np.int64), np.diff(np.append(starts, label.size))


def _mean(values: list[float | None]) -> float:
    known = [value for value in values if value is not None]
    return float(np.mean(known)) if known else 0.0
