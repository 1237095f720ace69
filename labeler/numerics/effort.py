"""Signs that somebody may not be reading: questions to ask a person, never verdicts on one."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from labeler.numerics.arrays import MISSING, Answers, Floats, Ints
from labeler.numerics.confidence.others import agreeing_share

READS = 60.0  # characters a second that nobody reads: three times silent reading (Brysbaert 2019: 238 English words a minute)
FEWEST = 30  # answers below which nothing is asked
UNLIKELY = 1e-4  # chance of seeing this in somebody who answers as the others do
MUCH = 0.5  # share of answers
KINDS = ("too_fast", "same_label_in_a_row", "ignores_the_text", "same_confidence", "drift")


@dataclass(frozen=True)
class Signal:
    """Of one annotator (code): what was seen (`value`), what is usual in the project (`usual`), and the answers it rests on (`n`)."""

    annotator: int
    kind: str
    value: float
    usual: float
    n: int


def signals(answers: Answers, n_characters: Ints, rank: Floats) -> list[Signal]:
    """Every sign, annotator by annotator. n_characters: (N,) length of each item's text; rank: (n_answers,) order in time, any unit.

    too_fast: share of answers faster than their text can be read. same_label_in_a_row: longest run of one label, where so long a run is
    unlikely. ignores_the_text: agreement with others that is no better than the person's usual labels would reach on any text.
    same_confidence: share of the commonest confidence. drift: fall of agreement, beside the others on the same items, from the first half
    of the answers to the second. Runs and drift need an order in time; without one they are not looked for.
    """
    share, _ = agreeing_share(answers)
    order = np.lexsort((rank, answers.annotator))
    ends = np.flatnonzero(np.diff(answers.annotator[order])) + 1
    people = [group for group in np.split(order, ends) if group.size >= FEWEST]
    usual = {
        "too_fast": _mean([_too_fast(answers, mine, n_characters) for mine in people]),
        "same_label_in_a_row": float(np.median([_longest_run(answers.label[mine]) for mine in people])) if people else 0.0,
        "same_confidence": _mean([_same_confidence(answers, mine) for mine in people]),
        "ignores_the_text": float(np.nanmean(share)) if np.isfinite(share).any() else 0.0,
        "drift": 0.0,
    }
    used = np.bincount(answers.label, minlength=answers.n_labels) / max(1, len(answers))
    beside = share - _mean_of_others(answers, share)
    return [
        Signal(int(answers.annotator[mine[0]]), kind, value, usual[kind], n)
        for mine in people
        for kind, value, n in _of_one(answers, mine, n_characters, share, used, beside, has_order(rank[mine]))
    ]


def has_order(rank: Floats) -> bool:
    """Whether answers have an order in time: those of an imported file came at one moment, and its row order says nothing about a person."""
    return bool(np.isfinite(rank).all() and np.unique(rank).size * 2 > rank.size)


def _of_one(answers: Answers, mine: Ints, n_characters: Ints, share: Floats, used: Floats, beside: Floats, in_order: bool) -> Iterator[tuple[str, float, int]]:
    fast = _too_fast(answers, mine, n_characters)
    if fast is not None and fast >= MUCH:
        yield "too_fast", fast, mine.size
    label = answers.label[mine]
    run, commonest = _longest_run(label), float(used[np.bincount(label).argmax()])
    if in_order and commonest < 1 and mine.size * (1 - commonest) * commonest**run < UNLIKELY:
        yield "same_label_in_a_row", float(run), mine.size
    same = _same_confidence(answers, mine)
    if same is not None and same > 1 - 1 / mine.size:
        yield "same_confidence", same, mine.size
    yield from _agreement_signs(label, share[mine], used)
    if in_order:
        yield from _drift(beside[mine])


def _agreement_signs(label: Ints, share: Floats, used: Floats) -> Iterator[tuple[str, float, int]]:
    known = np.isfinite(share)
    label, share = label[known], share[known]
    if share.size < FEWEST:
        return
    chance = used[label]  # somebody who does not read agrees as often as others use the labels they happen to give
    spread = np.sqrt((chance * (1 - chance)).sum())
    if float(share.sum() - chance.sum()) < -ndtri(0.05) * spread:
        yield "ignores_the_text", float(share.mean()), share.size


def _mean_of_others(answers: Answers, share: Floats) -> Floats:
    """(n_answers,) mean agreement of the other people on the same item: low on a hard item, or next to somebody who drifts."""
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
    if error > 0 and fall > -ndtri(UNLIKELY) * error:
        yield "drift", -fall, beside.size


def _too_fast(answers: Answers, mine: Ints, n_characters: Ints) -> float | None:
    """Share of answers given faster than READS characters a second; None when no time is known."""
    seconds = answers.seconds[mine]
    known = np.isfinite(seconds)
    if not known.any():
        return None
    return float((n_characters[answers.item[mine]][known] > READS * np.maximum(seconds[known], 1e-3)).mean())


def _same_confidence(answers: Answers, mine: Ints) -> float | None:
    said = answers.confidence[mine]
    said = said[said != MISSING]
    return float(np.bincount(said).max() / said.size) if said.size >= FEWEST else None


def _longest_run(label: Ints) -> int:
    """
    >>> _longest_run(np.array([1, 0, 0, 0, 1]))
    3
    """
    changes = np.flatnonzero(np.diff(label)) + 1
    return int(np.diff(np.concatenate([[0], changes, [label.size]])).max(initial=0))


def _mean(values: list[float | None]) -> float:
    known = [value for value in values if value is not None]
    return float(np.mean(known)) if known else 0.0
