"""Every page."""

from django.urls import path

from frontend.views import (
    agreement,
    annotating,
    beginning,
    data,
    health,
    imports,
    items,
    joining,
    learning,
    people,
    plans,
    projects,
    settings,
)
from frontend.views.password import PasswordReset

P = "projects/<slug:slug>/"

urlpatterns = [
    path("", projects.projects, name="projects"),
    path("new/", beginning.new_project, name="new_project"),
    path("new/preview/", beginning.preview, name="preview_project"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path(P, projects.overview, name="overview"),
    path(P + "agreement/", agreement.agreement, name="agreement"),
    path(P + "plan/", plans.plan, name="plan"),
    path(P + "plan/<int:number>/stop/", plans.stop, name="stop_plan"),
    path(P + "plan/<int:number>/handover/", plans.hand_places_over, name="hand_over"),
    path("accounts/password/reset/", PasswordReset.as_view(), name="account_reset_password"),
    path("keys/", people.tokens, name="tokens"),
    path("keys/<int:pk>/end/", people.end_token, name="end_token"),
    path(P + "people/", people.people, name="people"),
    path(P + "people/<int:pk>/", people.change, name="change_member"),
    path(P + "people/<int:pk>/remove/", people.remove, name="remove_member"),
    path(P + "invitations/", joining.invitations, name="invitations"),
    path(P + "invitations/<int:pk>/revoke/", joining.revoke, name="revoke_invitation"),
    path("join/<str:key>/", joining.come_in, name="join"),
    path(P + "annotate/", annotating.annotate, name="annotate"),
    path(P + "answers/", annotating.answers, name="answers"),
    path(P + "answers/<uuid:public_id>/", annotating.answer, name="answer"),
    path(P + "items/", items.items, name="items"),
    path(P + "items/ask/", items.ask, name="ask"),
    path(P + "items/<uuid:public_id>/", items.item, name="item"),
    path(P + "items/<uuid:public_id>/again/", items.hand_out_again, name="hand_out_again"),
    path(P + "data/", imports.data, name="data"),
    path(P + "data/<uuid:public_id>/", imports.one_import, name="import"),
    path(P + "data/<uuid:public_id>/store/", imports.store_import, name="store_import"),
    path(P + "data/download/", data.download, name="download"),
    path(P + "datasets/", data.datasets, name="datasets"),
    path(P + "datasets/<int:number>/", data.dataset, name="dataset"),
    path(P + "trainings/", learning.trainings, name="trainings"),
    path(P + "trainings/<uuid:public_id>/", learning.training, name="training"),
    path(
        P + "trainings/<uuid:public_id>/cancel/", learning.cancel_training, name="cancel_training"
    ),
    path(P + "models/", learning.models, name="models"),
    path(P + "models/<int:number>/promote/", learning.promote_model, name="promote_model"),
    path(P + "models/roll-back/", learning.roll_back_model, name="roll_back"),
    path(P + "guidelines/", settings.guidelines, name="guidelines"),
    path(P + "settings/", settings.settings, name="settings"),
    path(P + "settings/schedule/", settings.schedule, name="schedule"),
]
