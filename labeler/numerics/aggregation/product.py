"""Product of experts: answers multiply, so that agreement sharpens and doubt in one answer gives
way to another's certainty.
"""

import numpy as np

from labeler.numerics.aggregation.evidence import (
    Aggregated,
    Evidence,
    Method,
    no_answer_is_nan,
    of_logs,
)
from labeler.numerics.aggregation.votes import accuracy, summed

LEAST = 1e-3  # without a floor one certain person overrules everybody


def product(evidence: Evidence) -> Aggregated:
    """Π_a max(y_a, LEAST), normalised. Hinton (2002), eq. 1."""
    logs = summed(evidence, np.log(np.maximum(evidence.y, LEAST)), np.ones(len(evidence.answers)))
    distribution = no_answer_is_nan(of_logs(logs)[0], evidence)
    return Aggregated(
        distribution, annotator_quality=accuracy(evidence, np.nan_to_num(distribution))
    )


PRODUCT = Method(
    "product",
    "Product of answers",
    "The answers' soft labels are multiplied: agreement sharpens.",
    "Hinton (2002)",
    product,
)
