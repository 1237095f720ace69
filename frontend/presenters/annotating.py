from collections.abc import Sequence
from dataclasses import dataclass

from annotate.models import Label
from frontend.forms.annotating import AnswerForm

CONFIDENCE_KEYS = "qwertyuio"
WORDS = {
    2: ("unsure", "sure"),
    3: ("guessing", "fairly sure", "certain"),
    5: ("guessing", "unsure", "fairly sure", "sure", "certain"),
}


@dataclass(frozen=True)
class Choice:
    """What is chosen in the form as it stands."""

    primary: str
    secondary: str
    confidence: str
    rationale: str
    is_flagged: bool

    @classmethod
    def of(cls, form: AnswerForm) -> "Choice":
        source = form.data if form.is_bound else form.initial
        words = {
            name: str(source.get(name) or "")
            for name in ("primary", "secondary", "confidence", "rationale")
        }
        return cls(**words, is_flagged=bool(source.get("is_flagged")))


@dataclass(frozen=True)
class LabelChoice:
    key: str
    name: str
    description: str
    colour: str
    hotkey: str
    is_primary: bool
    is_secondary: bool


def label_choices(labels: Sequence[Label], chosen: Choice) -> list[LabelChoice]:
    return [
        LabelChoice(
            label.key,
            label.name,
            label.description,
            label.colour,
            label.hotkey,
            label.key == chosen.primary,
            label.key == chosen.secondary,
        )
        for label in labels
    ]


@dataclass(frozen=True)
class Step:
    """One step of the confidence scale: how large its dot is drawn, and the key that chooses it."""

    value: int
    word: str
    hotkey: str
    code: str
    radius: float
    is_chosen: bool


def confidence_steps(scale: int, chosen: Choice) -> list[Step]:
    words = WORDS.get(scale, tuple(f"{value} of {scale}" for value in range(1, scale + 1)))
    return [
        Step(
            value,
            words[value - 1],
            letter,
            f"Key{letter.upper()}",
            round(2.5 + 7.5 * (value - 1) / (scale - 1), 2),
            str(value) == chosen.confidence,
        )
        for value, letter in enumerate(CONFIDENCE_KEYS[:scale], start=1)
    ]
