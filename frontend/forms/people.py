"""Who is in a project, who is invited, and keys for programs."""

import re
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.forms import UserCreationForm
from django.core.validators import validate_email

from annotate.models import Member, User
from annotate.services.invitations import MOST_DAYS as INVITATION_MOST_DAYS
from annotate.services.invitations import MOST_PLACES
from annotate.services.invitations import USUAL_DAYS as INVITATION_DAYS
from annotate.services.tokens import MOST_DAYS, USUAL_DAYS


class MemberForm(forms.Form):
    username = forms.CharField(label="User name", max_length=150)
    role = forms.ChoiceField(label="Role", choices=Member.Role.choices)


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


class ChangeMemberForm(forms.Form):
    role = forms.ChoiceField(label="Role", choices=Member.Role.choices)
    annotates = forms.BooleanField(label="is given items to label", required=False)


class TokenForm(forms.Form):
    name = forms.CharField(label="What is it for?", max_length=100)
    days = forms.IntegerField(
        label="How many days does it work?", min_value=1, max_value=MOST_DAYS, initial=USUAL_DAYS
    )
