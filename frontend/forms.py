"""What people send. Plain forms: they check shape, the services check meaning."""

from collections.abc import Sequence
from typing import Any

from django import forms

from annotate.importing.registry import NAMES as DIALECTS
from annotate.models import Member, Project
from annotate.selectors.items import ItemFilter
from annotate.services.plans import USUAL_GAP_DAYS, USUAL_GAP_ITEMS
from annotate.services.tokens import MOST_DAYS, USUAL_DAYS
from annotate.validity import LONGEST_RATIONALE, Answer
from labeler.numerics.aggregation.registry import METHODS
from labeler.numerics.confidence.methods import METHODS as CONFIDENCE_METHODS
from labeler.services.soft_labels import AUTO, DEFAULT_CONFIDENCE, DEFAULT_METHOD
from labeler.splits import KEEP, MOVE
from worker.contract import LEARNERS, WEIGHTS
from worker.models import TrainingRun

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


class AnswerForm(forms.Form):
    assignment = forms.UUIDField()
    key = forms.CharField(max_length=200)
    revision = forms.IntegerField(required=False, min_value=0)
    primary = forms.CharField(max_length=100, error_messages={"required": "Choose a label first."})
    secondary = forms.CharField(max_length=100, required=False)
    confidence = forms.IntegerField(error_messages={"required": "Say how sure you are."})
    rationale = forms.CharField(max_length=LONGEST_RATIONALE, required=False, strip=False)
    is_flagged = forms.BooleanField(required=False)
    seconds = forms.FloatField(required=False, min_value=0)

    def answer(self) -> Answer:
        fields = self.cleaned_data
        names = ("primary", "confidence", "rationale", "seconds", "is_flagged")
        return Answer(
            secondary=fields["secondary"] or None, **{name: fields[name] for name in names}
        )


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


def _number(label: str, most: float | None = None, step: str = "any") -> forms.FloatField:
    return forms.FloatField(
        label=label,
        required=False,
        min_value=0,
        max_value=most,
        widget=forms.NumberInput(attrs={"step": step}),
    )


class PlanForm(forms.Form):
    """Sent by GET; one of the six is left empty."""

    annotators = _number("People", step="1")
    hours = _number("Hours of each")
    rate = _number("Answers an hour")
    items = _number("Items", step="1")
    double = _number("Items two people answer, in %", most=100)
    repeat = _number("Other items answered again, in %", most=100)

    def numbers(self) -> dict[str, float | None]:
        fields = self.cleaned_data
        shares = {
            name: None if fields[name] is None else fields[name] / 100
            for name in ("double", "repeat")
        }
        return {**fields, **shares}


class StartPlanForm(forms.Form):
    """Beside the numbers of the plan: who carries it out, and how far repeats keep away."""

    people = forms.MultipleChoiceField(
        label="Who carries it out", widget=forms.CheckboxSelectMultiple
    )
    gap_days = forms.IntegerField(
        label="Days between an answer and its repeat",
        initial=USUAL_GAP_DAYS,
        min_value=0,
        max_value=366,
    )
    gap_items = forms.IntegerField(
        label="Other answers in between", initial=USUAL_GAP_ITEMS, min_value=0, max_value=10_000
    )

    def __init__(self, *args: Any, people: Sequence[Member], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["people"].choices = [  # type: ignore[attr-defined]
            (str(member.pk), member.name) for member in people
        ]

    @classmethod
    def blank(cls, people: Sequence[Member], n: int) -> "StartPlanForm":
        """With the first `n` people chosen."""
        return cls(people=people, initial={"people": [str(member.pk) for member in people[:n]]})


class TrainForm(forms.Form):
    dataset = forms.IntegerField(widget=forms.Select)
    learner = forms.ChoiceField(label="Learner", choices=[(name, name) for name in LEARNERS])
    objective = forms.ChoiceField(label="Learn from", choices=TrainingRun.Objective.choices)
    weights = forms.ChoiceField(label="Weigh items by", choices=[(name, name) for name in WEIGHTS])
    seed = forms.IntegerField(label="Seed", initial=0, min_value=0, max_value=2**31 - 1)

    def __init__(self, *args: Any, numbers: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["dataset"].widget.choices = [
            (number, f"dataset {number}") for number in numbers
        ]


class TryForm(forms.Form):
    text = forms.CharField(
        label="A text", max_length=20_000, widget=forms.Textarea(attrs={"rows": 3})
    )


class SettingsForm(forms.Form):
    name = forms.CharField(label="Name", max_length=120)
    description = forms.CharField(
        label="Description", required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    status = forms.ChoiceField(
        label="Status",
        choices=Project.Status.choices,
        help_text="Paused gives out no new items; closed takes no answers at all.",
    )


class ScheduleForm(forms.Form):
    is_on = forms.BooleanField(label="Retrain by itself", required=False)
    every_hours = forms.IntegerField(
        label="after this many hours", required=False, min_value=1, max_value=8760
    )
    every_annotations = forms.IntegerField(
        label="or after this many new annotations",
        required=False,
        min_value=1,
        max_value=10_000_000,
    )
    learner = forms.ChoiceField(
        label="with the learner", choices=[(name, name) for name in LEARNERS]
    )


class MemberForm(forms.Form):
    username = forms.CharField(label="User name", max_length=150)
    role = forms.ChoiceField(label="Role", choices=Member.Role.choices)


SHOWN = [
    ("disputed", "most disputed first"),
    ("all", "all, in the order they came"),
    ("unanswered", "nobody has answered"),
    ("skipped", "somebody skipped"),
    ("flagged", "a manager is asked to look"),
]


class ItemFilterForm(forms.Form):
    """Sent by GET, so that a filter can be kept and sent to somebody."""

    q = forms.CharField(
        label="Words in the text or id", required=False, max_length=200, widget=forms.TextInput
    )
    show = forms.ChoiceField(label="Show", choices=SHOWN, required=False)
    by = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def wanted(self) -> ItemFilter:
        fields = self.cleaned_data
        usual = "all" if fields["q"] else "disputed"
        return ItemFilter(fields["show"] or usual, fields["q"].strip(), fields["by"])


class ChangeMemberForm(forms.Form):
    role = forms.ChoiceField(label="Role", choices=Member.Role.choices)
    annotates = forms.BooleanField(label="is given items to label", required=False)


class TokenForm(forms.Form):
    name = forms.CharField(label="What is it for?", max_length=100)
    days = forms.IntegerField(
        label="How many days does it work?", min_value=1, max_value=MOST_DAYS, initial=USUAL_DAYS
    )


class GuidelineForm(forms.Form):
    markdown = forms.CharField(
        label="Guidelines, in Markdown",
        max_length=200_000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 18}),
    )
