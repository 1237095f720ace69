"""Plans that are begun: started, watched, handed over and stopped."""

from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from annotate.access import Action, member_for, project_for
from annotate.jsonform import as_json
from annotate.selectors.items import items_numbered
from annotate.selectors.plans import (
    PlanProgress,
    members_numbered,
    plan_numbered,
    plans_of,
    progress_of,
)
from annotate.services.by_hand import Wanted, ask
from annotate.services.plans import stop_plan
from frontend.api.bodies.plans import AskBody, AskedBody, StartPlanBody
from frontend.api.endpoint import endpoint
from labeler.numerics.planning.resources import NAMES, Resources
from labeler.services.handing_over import USUAL_SEED, Handover, hand_over, propose_handover
from labeler.services.planned_work import Wish, start_planned_work


@endpoint("POST", gives=AskedBody, takes=AskBody)
def asked_for(request: Request, slug: str) -> Response:
    """Want one more person for items, ask the same people again blindly, or give them to one."""
    seat = project_for(request.user, slug, Action.MANAGE)
    body = AskBody(data=request.data)
    body.is_valid(raise_exception=True)
    fields = body.validated_data
    wanted = Wanted(
        how=fields["how"],
        items=items_numbered(seat.project, [str(one) for one in fields["items"]]),
        member=None if fields["member"] is None else member_for(seat, fields["member"]),
        gap_days=fields["gap_days"],
    )
    return Response({"n": ask(project=seat.project, wanted=wanted, now=timezone.now())})


@endpoint("GET", gives=list[PlanProgress], operation_id="projects_plans_list")
def list_plans(request: Request, slug: str) -> Response:
    """Every plan that was begun and how far it has come, newest first."""
    seat = project_for(request.user, slug, Action.REVIEW)
    return Response([as_json(progress_of(plan)) for plan in plans_of(seat.project)])


@endpoint("POST", gives=PlanProgress, takes=StartPlanBody, status=201)
def new_plan(request: Request, slug: str) -> Response:
    """Draw who answers what, from items that nobody has been given yet, and begin."""
    seat = project_for(request.user, slug, Action.MANAGE)
    body = StartPlanBody(data=request.data)
    body.is_valid(raise_exception=True)
    fields = body.validated_data
    wish = Wish(
        known=Resources(**{name: fields[name] for name in NAMES}),
        people=members_numbered(seat.project, fields["people"]),
        gap_days=fields["gap_days"],
        gap_items=fields["gap_items"],
        seed=fields["seed"],
    )
    plan = start_planned_work(project=seat.project, wish=wish, author=seat.user, now=timezone.now())
    return Response(as_json(progress_of(plan)), status=201)


@endpoint("GET", gives=PlanProgress)
def one_plan(request: Request, slug: str, number: int) -> Response:
    """How far a plan has come, by person."""
    seat = project_for(request.user, slug, Action.REVIEW)
    return Response(as_json(progress_of(plan_numbered(seat.project, number))))


@endpoint("POST", gives=PlanProgress)
def stopped_plan(request: Request, slug: str, number: int) -> Response:
    """Stop a plan: places that nobody took go back to the open queue."""
    seat = project_for(request.user, slug, Action.MANAGE)
    plan = plan_numbered(seat.project, number)
    stop_plan(plan=plan, now=timezone.now())
    return Response(as_json(progress_of(plan)))


@endpoint("GET", gives=Handover)
def proposed_handover(request: Request, slug: str, number: int) -> Response:
    """What handing over the places of people who left would come to."""
    seat = project_for(request.user, slug, Action.REVIEW)
    plan = plan_numbered(seat.project, number)
    return Response(as_json(propose_handover(plan=plan, seed=USUAL_SEED)))


@endpoint("POST", gives=Handover)
def done_handover(request: Request, slug: str, number: int) -> Response:
    """Give the places of people who left to the others of the plan."""
    seat = project_for(request.user, slug, Action.MANAGE)
    plan = plan_numbered(seat.project, number)
    return Response(as_json(hand_over(plan=plan, seed=USUAL_SEED)))
