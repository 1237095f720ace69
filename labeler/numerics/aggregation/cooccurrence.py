"""The answers as sparse matrices, in which one EM step is a product or two."""

import numpy as np
from scipy import sparse

from labeler.numerics.aggregation.evidence import Evidence
from labeler.numerics.arrays import cells
from labeler.numerics.counts import one_hot


def item_by_cell(evidence: Evidence) -> sparse.csr_array:
    """(N, M·K): 1 at [item, annotator·K + label]."""
    return one_hot(evidence.answers)


def vote_by_cell(evidence: Evidence) -> sparse.csr_array:
    """(N·K, M·K): 1 at [item·K + label, annotator·K + label]: what depends on annotator and
    label, summed by item and label.
    """
    answers = evidence.answers
    row = cells(answers.item, answers.label, answers.n_labels)
    column = cells(answers.annotator, answers.label, answers.n_labels)
    shape = (answers.n_items * answers.n_labels, answers.n_annotators * answers.n_labels)
    small = np.int32 if max(*shape, len(answers)) < 2**31 else np.int64
    return sparse.coo_array(
        (np.ones(len(answers)), (row.astype(small), column.astype(small))), shape=shape
    ).tocsr()
