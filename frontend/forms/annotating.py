"""An answer, as the annotation screen sends it."""

from django import forms

from annotate.validity import LONGEST_RATIONALE, Answer


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
