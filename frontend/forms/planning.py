"""Who answers what: worked out, started, given by hand."""

from collections.abc import Sequence
from typing import Any

from django import forms

from annotate.models import Member
from annotate.services.plans import USUAL_GAP_DAYS, USUAL_GAP_ITEMS


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


HOW_TO_ASK = [
    ("one_more", "ask one more person"),
    ("same_again", "ask the same people again, blindly"),
    ("give", "give them to one person"),
]


class AskForm(forms.Form):
    """What to do with the chosen items."""

    how = forms.ChoiceField(label="With the chosen items", choices=HOW_TO_ASK)
    member = forms.TypedChoiceField(
        label="Person, for “give”", coerce=int, empty_value=None, required=False
    )
    gap_days = forms.IntegerField(
        label="Days, for “again”", initial=USUAL_GAP_DAYS, min_value=0, max_value=366
    )

    def __init__(self, *args: Any, people: Sequence[Member], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["member"].choices = [  # type: ignore[attr-defined]
            ("", "–"),
            *((member.pk, member.name) for member in people),
        ]
