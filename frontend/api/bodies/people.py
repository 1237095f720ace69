"""Members, keys and oneself."""

from typing import Any

from rest_framework import serializers

from annotate.models import Member
from annotate.services.invitations import MOST_DAYS as INVITATION_MOST_DAYS
from annotate.services.invitations import MOST_PLACES
from annotate.services.invitations import USUAL_DAYS as INVITATION_DAYS
from annotate.services.tokens import MOST_DAYS, USUAL_DAYS
from frontend.api.bodies.strict import Body


class MemberBody(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    role = serializers.ChoiceField(Member.Role.choices)
    annotates = serializers.BooleanField()
    is_simulated = serializers.BooleanField()
    removed_at = serializers.DateTimeField(allow_null=True)
    n_answers = serializers.IntegerField()


class ChangedMemberBody(Body):
    role = serializers.ChoiceField(Member.Role.choices)
    annotates = serializers.BooleanField()


class NewTokenBody(Body):
    name = serializers.CharField(max_length=100)
    days = serializers.IntegerField(min_value=1, max_value=MOST_DAYS, default=USUAL_DAYS)


class TokenMadeBody(serializers.Serializer[Any]):
    token = serializers.CharField()
    days = serializers.IntegerField()


class TokenBody(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    created_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()
    revoked_at = serializers.DateTimeField(allow_null=True)


class NewMemberBody(Body):
    username = serializers.CharField(max_length=150)
    role = serializers.ChoiceField(Member.Role.choices)
    annotates = serializers.BooleanField(
        allow_null=True, default=None, help_text="As the role usually does, unless it is said."
    )


class NewInvitationBody(Body):
    role = serializers.ChoiceField(Member.Role.choices, default=Member.Role.ANNOTATOR)
    n_places = serializers.IntegerField(min_value=1, max_value=MOST_PLACES, default=1)
    days = serializers.IntegerField(
        min_value=1, max_value=INVITATION_MOST_DAYS, default=INVITATION_DAYS
    )


class InvitationBody(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    role = serializers.ChoiceField(Member.Role.choices)
    n_places = serializers.IntegerField()
    n_taken = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()
    revoked_at = serializers.DateTimeField(allow_null=True)


class InvitationMadeBody(InvitationBody):
    path = serializers.CharField(help_text="Of the link, shown this once.")


class MeBody(serializers.Serializer[Any]):
    username = serializers.CharField()
    is_superuser = serializers.BooleanField()
    projects = serializers.ListField(child=serializers.DictField())
