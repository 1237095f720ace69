from annotate.models.accounts import ApiToken, FailedSignIn, User
from annotate.models.annotations import Annotation
from annotate.models.assignments import Assignment, FreeSlot, Viewing
from annotate.models.imports import Import, Upload
from annotate.models.invitations import Invitation
from annotate.models.items import Item
from annotate.models.plans import Plan, PlannedAssignment
from annotate.models.projects import Guideline, Label, LabelSet, Member, Project

__all__ = [
    "Annotation",
    "ApiToken",
    "Assignment",
    "FailedSignIn",
    "FreeSlot",
    "Guideline",
    "Import",
    "Invitation",
    "Item",
    "Label",
    "LabelSet",
    "Member",
    "Plan",
    "PlannedAssignment",
    "Project",
    "Upload",
    "User",
    "Viewing",
]
