"""Plans that are begun: who answers what."""

from typing import Any

from rest_framework import serializers

from annotate.services.by_hand import AT_MOST
from annotate.services.plans import USUAL_GAP_DAYS, USUAL_GAP_ITEMS
from frontend.api.bodies.labels import PlanBody
from frontend.api.bodies.strict import Body

MOST_ID = 2**63 - 1
ID = serializers.IntegerField(min_value=1, max_value=MOST_ID)
MOST_GAP_DAYS, MOST_GAP_ITEMS = 366, 10_000


class AskBody(Body):
    """With items: want one more person, ask the same people again, or give them to one person."""

    how = serializers.ChoiceField(["one_more", "same_again", "give"])
    items = serializers.ListField(child=serializers.UUIDField(), min_length=1, max_length=AT_MOST)
    member = serializers.IntegerField(
        allow_null=True, default=None, min_value=1, max_value=MOST_ID, help_text="For `give`."
    )
    gap_days = serializers.IntegerField(
        min_value=0,
        max_value=MOST_GAP_DAYS,
        default=USUAL_GAP_DAYS,
        help_text="For `same_again`: days after the answer.",
    )


class AskedBody(serializers.Serializer[Any]):
    n = serializers.IntegerField(help_text="Items, or with `same_again` answers, asked for.")


class StartPlanBody(PlanBody):
    """The numbers of the plan, one of them left out, and who carries it out."""

    people = serializers.ListField(child=ID, max_length=2000, help_text="Ids of members.")
    gap_days = serializers.IntegerField(
        min_value=0,
        max_value=MOST_GAP_DAYS,
        default=USUAL_GAP_DAYS,
        help_text="Days between a first answer and its repeat.",
    )
    gap_items = serializers.IntegerField(
        min_value=0,
        max_value=MOST_GAP_ITEMS,
        default=USUAL_GAP_ITEMS,
        help_text="Answers of the same person between a first answer and its repeat.",
    )
    seed = serializers.IntegerField(min_value=0, max_value=2**31 - 1, default=0)
