"""Files that come in, and answers that are frozen."""

from typing import Any

from django import forms

from annotate.importing.registry import NAMES as DIALECTS
from labeler.numerics.aggregation.registry import METHODS
from labeler.numerics.confidence.methods import METHODS as CONFIDENCE_METHODS
from labeler.services.soft_labels import AUTO, DEFAULT_CONFIDENCE, DEFAULT_METHOD
from labeler.splits import KEEP, MOVE

METHOD_WORDS = [
    (AUTO, "What suits these answers"),
    *((name, method.title) for name, method in METHODS.items() if not method.needs_model),
]

CONFIDENCE_WORDS = {
    "fitted": "learned from how often others say the same",
    "linear": "as people state it",
    "bayes": "Bayes, equations 1–4",
    "bayes_coded": "Bayes, as published in code",
    "none": "ignored: every answer is certain",
}


class ImportForm(forms.Form):
    file = forms.FileField(
        label="File", help_text="CSV, TSV, JSON, JSONL or Parquet, each also as .gz."
    )
    dialect = forms.ChoiceField(
        label="Format",
        choices=[("auto", "find out by itself"), *((name, name) for name in DIALECTS)],
    )


class FreezeForm(forms.Form):
    method = forms.ChoiceField(
        label="How answers become one soft label",
        choices=METHOD_WORDS,
    )
    confidence = forms.ChoiceField(
        label="Confidence", choices=[(name, CONFIDENCE_WORDS[name]) for name in CONFIDENCE_METHODS]
    )
    contradictions = forms.ChoiceField(
        label="Where an import puts one text into two splits",
        choices=[(KEEP, "keep it, and say so in the card"), (MOVE, "move all of it to train")],
    )
    test_share = forms.FloatField(
        label="Share kept for the test", initial=0.2, min_value=0.01, max_value=0.9
    )
    validation_share = forms.FloatField(
        label="Share kept for validation", initial=0.1, min_value=0.01, max_value=0.9
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["method"].initial = DEFAULT_METHOD
        self.fields["confidence"].initial = DEFAULT_CONFIDENCE
