"""Trainings, schedules, and a text to try."""

from typing import Any

from django import forms

from worker.contract import LEARNERS, WEIGHTS
from worker.models import TrainingRun


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
