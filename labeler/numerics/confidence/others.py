"""What the others said about the same items: all that can be known about how right a person is
without gold labels.
"""

import numpy as np

from labeler.numerics.arrays import Answers, Floats, Ints
from labeler.numerics.counts import label_counts, one_hot


def agreeing_share(answers: Answers) -> tuple[Floats, Ints]:
    """(n_answers,) share of the other first answers to the item that name the same label, nan
    without others; (n_answers,) how many.

    A repeat has none: its giver's first answer is not another person's.

    >>> from labeler.numerics.arrays import answers
    >>> agreeing_share(answers([0, 0, 0], [0, 1, 2], [1, 1, 0], n_labels=2))[0].tolist()
    [0.5, 0.5, 0.0]
    """
    answers.expect_single("agreeing_share")
    counts = label_counts(answers)
    others = np.where(answers.pass_number == 1, counts.sum(axis=1)[answers.item] - 1, 0)
    same = counts[answers.item, answers.label] - 1
    return np.asarray(np.where(others > 0, same / np.maximum(others, 1), np.nan)), np.asarray(
        others
    )


def co_answers(answers: Answers) -> Ints:
    """(M, K, K): [a, k, l] = other people's first answers l to items that annotator a called k."""
    counts, n_labels = label_counts(answers), answers.n_labels
    hot = one_hot(answers)
    together = (hot.T @ counts).reshape(answers.n_annotators, n_labels, n_labels)
    own = np.asarray(hot.sum(axis=0)).reshape(answers.n_annotators, n_labels)
    return np.asarray(together - own[:, :, None] * np.eye(n_labels)).astype(np.int64)
