"""A project, its labels and its guidelines."""

from typing import Any, cast

from django import forms
from django.utils.text import slugify

from annotate.models import Project
from annotate.services.projects import COLOURS, LabelDraft


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


class GuidelineForm(forms.Form):
    markdown = forms.CharField(
        label="Guidelines, in Markdown",
        max_length=200_000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 18}),
    )
