"""Everything under /api/v1/."""

from django.urls import path, re_path
from drf_spectacular.views import SpectacularAPIView

from frontend.api import (
    annotating,
    imports,
    invitations,
    labels,
    learning,
    people,
    plans,
    projects,
    schema,  # noqa: F401  registers itself
)
from frontend.api.endpoint import resource
from frontend.api.problems import nothing_here

P = "projects/<slug:slug>/"

urlpatterns = [
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("me/", resource(people.me)),
    path("me/tokens/", resource(people.list_tokens, people.new_token)),
    path("me/tokens/<int:pk>/", resource(people.revoked_token)),
    path("projects/", resource(projects.list_projects, projects.new_project)),
    path(P, resource(projects.one_project)),
    path(P + "items/", resource(projects.list_items)),
    path(P + "items/ask/", resource(plans.asked_for)),
    path(P + "members/", resource(people.list_members, people.new_member)),
    path(P + "members/<int:pk>/", resource(people.changed_member, people.removed_member)),
    path(P + "invitations/", resource(invitations.list_invitations, invitations.new_invitation)),
    path(P + "invitations/<int:pk>/", resource(invitations.revoked_invitation)),
    path("join/<str:key>/", resource(invitations.joined)),
    path(P + "imports/", resource(imports.new_import)),
    path(P + "imports/<uuid:public_id>/", resource(imports.one_import)),
    path(P + "imports/<uuid:public_id>/store/", resource(imports.store_import)),
    path(P + "exports/", resource(projects.download)),
    path(P + "next/", resource(annotating.next_item)),
    path("assignments/<uuid:public_id>/annotation/", resource(annotating.annotation)),
    path("assignments/<uuid:public_id>/skip/", resource(annotating.skip_item)),
    path("assignments/<uuid:public_id>/take-back/", resource(annotating.take_back)),
    path("assignments/<uuid:public_id>/release/", resource(annotating.release_item)),
    path(P + "agreement/", resource(labels.agreement)),
    path(P + "reliability/", resource(labels.reliability, labels.new_reliability)),
    path(P + "soft-labels/", resource(labels.list_soft_labels, labels.new_soft_labels)),
    path(P + "methods/", resource(labels.list_methods)),
    path(P + "plan/", resource(labels.plan)),
    path(P + "plans/", resource(plans.list_plans, plans.new_plan)),
    path(P + "plans/<int:number>/", resource(plans.one_plan)),
    path(P + "plans/<int:number>/stop/", resource(plans.stopped_plan)),
    path(
        P + "plans/<int:number>/handover/",
        resource(plans.proposed_handover, plans.done_handover),
    ),
    path(P + "datasets/", resource(labels.list_datasets, labels.new_dataset)),
    path(P + "trainings/", resource(learning.list_trainings, learning.new_training)),
    path(P + "trainings/<uuid:public_id>/", resource(learning.one_training)),
    path(P + "trainings/<uuid:public_id>/cancel/", resource(learning.cancel_training)),
    path(P + "models/", resource(learning.list_models)),
    path(P + "models/<int:number>/compare/", resource(learning.compare_model)),
    path(P + "models/<int:number>/promote/", resource(learning.promote_model)),
    path(P + "roll-back/", resource(learning.roll_back_model)),
    path(P + "predict/", resource(learning.predict_texts)),
    path(P + "predictions/<uuid:public_id>/", resource(learning.one_prediction)),
    path(P + "schedules/", resource(learning.one_schedule, learning.put_schedule)),
    re_path("", nothing_here),
]
