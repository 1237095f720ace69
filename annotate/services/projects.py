"""Making a project, its label sets and its guidelines."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max, QuerySet

from annotate.errors import Conflict, Invalid
from annotate.models import Guideline, Item, Label, LabelSet, Project, User
from annotate.services.items import fit_free_slots

# All of one luminance: at least 4.5:1 under white letters and 3:1 on the dark page. Hues far apart
# first, for projects of few labels.
COLOURS = (
    "#0574c3",
    "#bb510a",
    "#0e815e",
    "#b94689",
    "#8b6d0b",
    "#825dc2",
    "#147c8a",
    "#717171",
    "#cd394d",
)
DIGITS = "123456789"
AT_ONCE = 1000  # items whose slots change in one transaction
KINDS_READY = (Project.Kind.SINGLE,)


class ProjectExists(Conflict):
    code = "project-exists"


class BadProject(Invalid):
    code = "bad-project"


@dataclass(frozen=True)
class LabelDraft:
    key: str
    name: str = ""
    description: str = ""
    colour: str = ""
    hotkey: str = ""


@dataclass(frozen=True)
class ProjectDraft:
    slug: str
    labels: Sequence[LabelDraft]
    name: str = ""
    description: str = ""
    kind: str = Project.Kind.SINGLE
    confidence_scale: int = 5
    annotators_per_item: int = 3
    is_simulated: bool = False


@transaction.atomic
def create_project(*, draft: ProjectDraft, now: datetime) -> Project:
    if draft.kind not in KINDS_READY:
        raise BadProject(
            f"Projects of kind “{draft.kind}” cannot be annotated yet. Use kind “single”."
        )
    if Project.objects.filter(slug=draft.slug).exists():
        raise ProjectExists(f"There is a project “{draft.slug}” already. Choose another slug.")
    project = Project(
        slug=draft.slug,
        name=draft.name or draft.slug.replace("-", " ").replace("_", " ").capitalize(),
        description=draft.description,
        kind=draft.kind,
        confidence_scale=draft.confidence_scale,
        annotators_per_item=draft.annotators_per_item,
        is_simulated=draft.is_simulated,
        created_at=now,
    )
    _clean(project)
    project.save(force_insert=True)
    _write_label_set(project=project, labels=draft.labels, now=now)
    return project


def _write_label_set(*, project: Project, labels: Sequence[LabelDraft], now: datetime) -> LabelSet:
    keys = [draft.key.strip() for draft in labels]
    if len(keys) < 2:
        raise BadProject(
            "A project needs at least two labels. Write them as --labels first,second."
        )
    twice = sorted({key for key in keys if keys.count(key) > 1})
    if twice:
        raise BadProject(
            f"The label “{twice[0]}” is there twice. Every label needs a key of its own."
        )
    if "" in keys:
        raise BadProject("One of the labels is empty. Remove the extra comma.")
    chosen = [draft.hotkey for draft in labels if draft.hotkey]
    shared = sorted({key for key in chosen if chosen.count(key) > 1})
    if shared:
        raise BadProject(f"Two labels have the key “{shared[0]}”. Give each one of its own.")
    version = (project.label_sets.aggregate(newest=Max("version"))["newest"] or 0) + 1
    label_set = LabelSet.objects.create(project=project, version=version, created_at=now)
    rows = [
        _label(label_set, position, draft, hotkey)
        for position, (draft, hotkey) in enumerate(zip(labels, hotkeys_of(labels), strict=True))
    ]
    for row in rows:
        _clean(row)
    Label.objects.bulk_create(rows)
    return label_set


def hotkeys_of(labels: Sequence[LabelDraft]) -> list[str]:
    """What was chosen, and for the others the digits that are left, in order."""
    chosen = [draft.hotkey for draft in labels if draft.hotkey]
    left = iter([digit for digit in DIGITS if digit not in chosen])
    return [draft.hotkey or next(left, "") for draft in labels]


def _label(label_set: LabelSet, position: int, draft: LabelDraft, hotkey: str) -> Label:
    key = draft.key.strip()
    return Label(
        label_set=label_set,
        key=key,
        name=draft.name or key,
        description=draft.description,
        colour=draft.colour or COLOURS[position % len(COLOURS)],
        hotkey=hotkey,
        position=position,
    )


def _clean(row: Project | Label) -> None:
    try:
        row.full_clean(exclude=["label_set"], validate_unique=False, validate_constraints=False)
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise BadProject(f"{field}: {messages[0]}") from error


@transaction.atomic
def write_guideline(
    *, project: Project, markdown: str, author: User | None, now: datetime
) -> Guideline:
    """A new version, unless the text is what the newest version says already."""
    newest = project.guidelines.order_by("-version").first()
    if newest is not None and newest.markdown == markdown:
        return newest
    version = newest.version + 1 if newest else 1
    return Guideline.objects.create(
        project=project, version=version, markdown=markdown, created_by=author, created_at=now
    )


@dataclass(frozen=True)
class Settings:
    name: str
    description: str
    status: str
    annotators_per_item: int


def change_settings(*, project: Project, settings: Settings) -> Project:
    """Raised or lowered, the number of annotators takes the free slots along, a thousand items at a
    time; nothing that is answered or held is lost. Saving the same number again finishes what was
    interrupted.
    """
    project.name, project.description, project.status = (
        settings.name,
        settings.description,
        settings.status,
    )
    project.annotators_per_item = settings.annotators_per_item
    _clean(project)
    project.save(update_fields=["name", "description", "status", "annotators_per_item"])
    _follow(project)
    return project


def _follow(project: Project) -> None:
    """Items whose places are not as many as they should be get them."""
    last = 0
    while ids := list(_after(project, last)):
        with transaction.atomic():
            fit_free_slots(project=project, ids=ids)
        last = ids[-1]


def _after(project: Project, last: int) -> QuerySet[Item, int]:
    items = Item.objects.filter(project=project, pk__gt=last, n_wanted=None).order_by("pk")
    return items.values_list("pk", flat=True)[:AT_ONCE]
