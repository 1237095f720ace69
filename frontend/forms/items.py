"""Finding items."""

from django import forms

from annotate.selectors.items import ItemFilter

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
