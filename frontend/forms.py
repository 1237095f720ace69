"""What people send. Plain forms: they check shape, the services check meaning."""

import re
from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.conf import settings
from django.contrib.auth.forms import UserCreationForm
from django.core.validators import validate_email
from django.utils.text import slugify

from annotate.importing.registry import NAMES as DIALECTS
from annotate.models import Member, Project, User
from annotate.selectors.items import ItemFilter
from annotate.services.invitations import MOST_DAYS as INVITATION_MOST_DAYS
from annotate.services.invitations import MOST_PLACES
from annotate.services.invitations import USUAL_DAYS as INVITATION_DAYS
from annotate.services.plans import USUAL_GAP_DAYS, USUAL_GAP_ITEMS
from annotate.services.projects import COLOURS, LabelDraft
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


class NewProjectForm(forms.Form):
    name = forms.CharField(label="Name", max_length=120)
    slug = forms.SlugField(
        label="Short name, for addresses",
        max_length=60,
        required=False,
        help_text="Left empty, it is made from the name.",
    )
    description = forms.CharField(
        label="What is it about?",
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    annotators_per_item = forms.IntegerField(
        label="People who answer each item", initial=3, min_value=1, max_value=50
    )
    confidence_scale = forms.IntegerField(
        label="Steps of confidence", initial=5, min_value=2, max_value=9
    )
    guideline = forms.CharField(
        label="Guidelines, in Markdown",
        required=False,
        max_length=200_000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="What each label means, and how to decide when two fit. Can be written later.",
    )

    def clean(self) -> dict[str, Any]:
        fields = super().clean() or {}
        if not fields.get("slug") and fields.get("name"):
            fields["slug"] = slugify(fields["name"])[:60]
            if not fields["slug"]:
                self.add_error("slug", "Give a short name in plain letters, such as my-project.")
        return fields


class LabelForm(forms.Form):
    """One row of the label editor. A row without a name is not there."""

    name = forms.CharField(label="Label", required=False, max_length=100)
    description = forms.CharField(
        label="Explanation", required=False, max_length=1000, widget=forms.TextInput
    )
    key = forms.CharField(label="Key in files", required=False, max_length=100)
    hotkey = forms.RegexField(
        r"^[1-9]?\Z",
        label="Digit",
        required=False,
        error_messages={"invalid": "One of the digits 1 to 9."},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "maxlength": 1}),
    )
    colour = forms.RegexField(
        r"^#[0-9a-f]{6}\Z",
        label="Colour",
        error_messages={"invalid": "Write a colour as #rrggbb."},
        widget=forms.TextInput(attrs={"type": "color"}),
    )

    def draft(self) -> LabelDraft | None:
        fields = {name: value.strip() for name, value in self.cleaned_data.items()}
        if not fields.get("name") and not fields.get("key"):
            return None
        fields["key"] = fields["key"] or fields["name"]
        return LabelDraft(**fields)


class LabelFormSet(forms.BaseFormSet):  # type: ignore[type-arg]
    """The rows in order; each begins with the next colour."""

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        colour = COLOURS[(index or 0) % len(COLOURS)]
        return {**super().get_form_kwargs(index), "initial": {"colour": colour}}

    def drafts(self) -> list[LabelDraft]:
        return [draft for form in self.forms if (draft := form.draft()) is not None]


LabelRows = cast(
    type[LabelFormSet],
    forms.formset_factory(LabelForm, formset=LabelFormSet, extra=3, max_num=200, validate_max=True),
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
    annotators_per_item = forms.IntegerField(
        label="People who answer each item",
        min_value=1,
        max_value=50,
        help_text="Raised or lowered, nothing that was answered is lost.",
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
    by = forms.IntegerField(
        required=False, min_value=1, max_value=2**63 - 1, widget=forms.HiddenInput
    )

    def wanted(self) -> ItemFilter:
        fields = self.cleaned_data
        usual = "all" if fields["q"] else "disputed"
        return ItemFilter(fields["show"] or usual, fields["q"].strip(), fields["by"])


class InvitationForm(forms.Form):
    role = forms.ChoiceField(label="Role", choices=Member.Role.choices)
    n_places = forms.IntegerField(
        label="For how many people", initial=1, min_value=1, max_value=MOST_PLACES
    )
    days = forms.IntegerField(
        label="Days it works", initial=INVITATION_DAYS, min_value=1, max_value=INVITATION_MOST_DAYS
    )
    emails = forms.CharField(
        label="Send it to",
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Addresses, separated by commas or lines. Leave empty to send the link yourself.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not settings.SENDS_MAIL:
            del self.fields["emails"]

    def clean_emails(self) -> list[str]:
        addresses = re.split(r"[\s,;]+", self.cleaned_data["emails"].strip())
        for address in filter(None, addresses):
            validate_email(address)
        return [address for address in addresses if address]


class JoinForm(UserCreationForm):  # type: ignore[type-arg]
    """Django's own form for a new account: the name is free in every spelling, the password is
    good enough.
    """

    class Meta(UserCreationForm.Meta):
        model = User
        fields = ("username", "email")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].help_text = "What others call you here; letters, digits, @ . + - _"
        self.fields["email"].help_text = "Only for setting a new password."


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
