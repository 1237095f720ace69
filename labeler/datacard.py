"""The data card: what a dataset is, how it was made and what to be careful with, in Markdown,
written once when it is frozen.
"""

from collections.abc import Sequence

import numpy as np

from labeler.dataset_rows import DatasetRow
from labeler.models import Dataset
from labeler.recipe import Recipe
from labeler.splits import SplitNotes


def write_card(dataset: Dataset, recipe: Recipe, rows: Sequence[DatasetRow]) -> str:
    sections = [
        _head(dataset, rows),
        _labels(dataset, rows),
        _making(recipe),
        _care(recipe, rows),
    ]
    return "\n\n".join(sections) + "\n"


def _head(dataset: Dataset, rows: Sequence[DatasetRow]) -> str:
    project = dataset.project
    simulated = (
        "\n\n> The answers in this dataset come from a **simulation**, not from people."
        if project.is_simulated
        else ""
    )
    splits = ", ".join(f"{name} {n}" for name, n in dataset.splits.items())
    n_annotations = sum(row.n_annotations for row in rows)
    return (
        f"# {project.name}, dataset {dataset.number}{simulated}\n\n{project.description}".rstrip()
        + f"\n\n- items: {dataset.n_rows} ({splits})\n- annotations behind them: {n_annotations}"
        + f"\n- frozen: {dataset.created_at:%Y-%m-%d %H:%M} UTC\n- content hash (SHA-256):"
        f" `{dataset.content_hash}`"
    )


def _labels(dataset: Dataset, rows: Sequence[DatasetRow]) -> str:
    share = np.mean([row.soft_label for row in rows], axis=0)
    lines = [
        f"| {place} | {label} | {part:.3f} |"
        for place, (label, part) in enumerate(zip(dataset.labels, share, strict=True))
    ]
    return (
        "## Labels\n\nEvery `soft_label` is in this order.\n\n| place | label | mean probability"
        " |\n|---:|---|---:|\n" + "\n".join(lines)
    )


def _making(recipe: Recipe) -> str:
    reliability, rule = recipe.reliability, recipe.splits
    shares = f"validation {rule.validation_share}, test {rule.test_share}"
    measured = (
        f"{reliability['metric']}, alpha {reliability['alpha']} (weight of agreement with oneself),"
        f" normalised by `{reliability['normalise']}`, pairs with at least"
        f" {reliability['min_overlap']} shared items"
    )
    merged = f"{reliability['merge'] or 'none'}; items kept where: {reliability['where'] or 'all'}"
    same = _same_texts(recipe.split_notes)
    lines = [
        f"- aggregation: `{recipe.method}`, confidence: `{recipe.confidence}`",
        f"- reliability: {measured}",
        f"- merged labels: {merged}",
        f"- splits: as imported, else by a hash of the item id ({shares}, seed {rule.seed});",
        f"  {same}",
    ]
    return "## How it was made\n\n" + "\n".join(lines)


def _same_texts(notes: SplitNotes) -> str:
    if notes.n_contradicting:
        return (
            f"**{notes.n_contradicting} texts stand in more than one split**, because they were"
            " imported so; all other items with the same text stand in the same split"
        )
    moved = f" ({notes.n_moved} rows were moved for that)" if notes.n_moved else ""
    return f"items with the same text, blanks and case aside, stand in the same split{moved}"


def _care(recipe: Recipe, rows: Sequence[DatasetRow]) -> str:
    n_ties = sum(row.is_tie for row in rows)
    n_single = sum(row.n_annotations == 1 for row in rows)
    entropy = float(np.mean([row.entropy for row in rows]))
    floor = f"{entropy:.3f} nats. Cross-entropy on these labels cannot go below that of their split"
    lines = [
        f"- {n_ties} items are ties: their `hard_label` is only the first of the most probable.",
        f"- {n_single} items rest on one annotation.",
        f"- mean entropy of a soft label: {floor}.",
        *_split_care(recipe.split_notes),
    ]
    return "## Be careful with\n\n" + "\n".join(lines)


def _split_care(notes: SplitNotes) -> list[str]:
    lines = []
    for split, labels in notes.lacking.items():
        names = ", ".join(f"`{label}`" for label in labels)
        means = "a model cannot learn it" if split == "train" else "it says nothing of it"
        lines.append(f"- no row of the {split} split has {names}: {means}.")
    if notes.n_carved:
        n = notes.n_carved
        lines.append(f"- the import had no validation split: {n} rows of train were taken for it.")
    return lines
