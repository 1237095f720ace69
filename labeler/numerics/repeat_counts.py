"""Which two labels one person gave to one item, first and again; shards add up exactly."""

from dataclasses import dataclass

import numpy as np

from labeler.numerics.arrays import (
    Answers,
    Floats,
    Ints,
    cells,
)


@dataclass(frozen=True)
class Repeats:
    """Each repeat beside the same person's first answer.

    annotator, before, after: (n_repeats,) codes
    gap_days: (n_repeats,) time between the two, nan where unknown, as in a file that brings both at
        one moment
    """

    annotator: Ints
    before: Ints
    after: Ints
    gap_days: Floats


def repeats(answers: Answers) -> Repeats:
    """Every repeat that has a first answer to be held against."""
    first, later = answers.first_pass, answers.where(answers.pass_number > 1)
    place = cells(first.item, first.annotator, answers.n_annotators)
    order = np.argsort(place, kind="stable")
    wanted = cells(later.item, later.annotator, answers.n_annotators)
    if not place.size or not wanted.size:
        nobody = np.empty(0, dtype=np.int64)
        return Repeats(nobody, nobody, nobody, np.empty(0))
    first_answer = order[np.minimum(np.searchsorted(place[order], wanted), place.size - 1)]
    there = place[first_answer] == wanted
    first_answer = first_answer[there]
    codes = [
        column.astype(np.int64)
        for column in (later.annotator[there], first.label[first_answer], later.label[there])
    ]
    gap = later.day[there] - first.day[first_answer]
    return Repeats(codes[0], codes[1], codes[2], np.where(gap == 0, np.nan, gap))


def repeat_counts(answers: Answers) -> Ints:
    """(M, K, K): [a, k, l] = items that annotator a called k at first and l in a repeat. Every
    repeat is held against the first answer.
    """
    answers.expect_single("repeat_counts")
    repeated, n_labels = repeats(answers), answers.n_labels
    cell = (repeated.annotator * n_labels + repeated.before) * n_labels + repeated.after
    return np.bincount(cell, minlength=answers.n_annotators * n_labels**2).reshape(
        answers.n_annotators, n_labels, n_labels
    )
