"""What makes an answer valid in its project: one pure check. A submit raises the first finding, an
import collects all of them.
"""

import hashlib
import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

from annotate.errors import Invalid

LONGEST_RATIONALE = 10_000  # characters


class UnknownLabel(Invalid):
    code = "unknown-label"


class ConfidenceOutsideScale(Invalid):
    code = "confidence-outside-scale"


class SecondaryEqualsPrimary(Invalid):
    code = "secondary-equals-primary"


class BadAnswer(Invalid):
    code = "bad-answer"


@dataclass(frozen=True)
class Answer:
    """What a person says: label keys, a confidence of 1..S (None: not asked, as in some imports),
    and how long they looked, in seconds.
    """

    primary: str
    confidence: int | None
    secondary: str | None = None
    rationale: str = ""
    seconds: float | None = None
    is_flagged: bool = False

    @property
    def digest(self) -> str:
        """Of everything but the time, which may differ between two sendings of one answer."""
        body = {name: value for name, value in asdict(self).items() if name != "seconds"}
        body["confidence"] = self.confidence or 0
        return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True)
class Question:
    """What an answer may say: the keys of the labels, in order, and the confidence scale S."""

    labels: Sequence[str]
    scale: int


@dataclass(frozen=True)
class Finding:
    """`field` is the part of the answer that is wrong."""

    field: str
    refusal: Invalid


def findings(answer: Answer, question: Question) -> Iterator[Finding]:
    """Everything that is wrong with the answer, one finding a field."""
    for field in ("primary", "secondary"):
        key = getattr(answer, field)
        if key is not None and key not in question.labels:
            yield Finding(field, _unknown(key, question.labels))
    if answer.secondary == answer.primary:
        text = "The second choice is the same as the first. Leave it out, or choose another."
        yield Finding("secondary", SecondaryEqualsPrimary(text))
    if answer.confidence is not None and not 1 <= answer.confidence <= question.scale:
        yield Finding("confidence", _outside(answer.confidence, question.scale))
    if answer.seconds is not None and not (math.isfinite(answer.seconds) and answer.seconds >= 0):
        yield Finding("seconds", BadAnswer("seconds must be a number of 0 or more."))
    yield from _rationale(answer.rationale)


def _unknown(key: str, labels: Sequence[str]) -> UnknownLabel:
    near = next((label for label in labels if label.casefold() == key.casefold()), None)
    hint = f" Did you mean “{near}”?" if near else ""
    text = f"“{key}” is not a label of this project. It has: {', '.join(labels)}.{hint}"
    return UnknownLabel(text, labels=list(labels))


def _outside(confidence: int, scale: int) -> ConfidenceOutsideScale:
    text = f"Confidence {confidence} is outside this project's scale of 1 to {scale}."
    return ConfidenceOutsideScale(text, scale=scale)


def _rationale(rationale: str) -> Iterator[Finding]:
    if len(rationale) > LONGEST_RATIONALE:
        text = f"The reason has {len(rationale)} characters; {LONGEST_RATIONALE} is the most."
        yield Finding("rationale", BadAnswer(text))
    if any("\ud800" <= letter <= "\udfff" or letter == "\x00" for letter in rationale):
        text = "The reason contains a character that no database can store (NUL, half a pair)."
        yield Finding("rationale", BadAnswer(text))
