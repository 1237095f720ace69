"""The data card: what a dataset is, how it was made and what to be careful with, in Markdown,
written once when it is frozen.
"""

from typing import Any

import numpy as np

from labeler.models import Dataset


def write_card(dataset: Dataset, rows: list[dict[str, Any]]) -> str:
    sections = [
        _head(dataset, rows),
        _labels(dataset, rows),
        _making(dataset),
        _care(dataset, rows),
    ]
    return "\n\n".join(sections) + "\n"


def _head(dataset: Dataset, rows: list[dict[str, Any]]) -> str:
    project = dataset.project
    simulated = (
        "\n\n> The answers in this dataset come from a **simulation**, not from people."
        if project.is_simulated
        else ""
    )
    splits = ", ".join(f"{name} {n}" for name, n in dataset.splits.items())
    n_annotations = sum(row["n_annotations"] for row in rows)
    return (
        f"# {project.name}, dataset {dataset.number}{simulated}\n\n{project.description}".rstrip()
        + f"\n\n- items: {dataset.n_rows} ({splits})\n- annotations behind them: {n_annotations}"
        + f"\n- frozen: {dataset.created_at:%Y-%m-%d %H:%M} UTC\n- content hash (SHA-256):"
        f" `{dataset.content_hash}`"
    )


def _labels(dataset: Dataset, rows: list[dict[str, Any]]) -> str:
    share = np.mean([row["soft_label"] for row in rows], axis=0)
    lines = [
        f"| {place} | {label} | {part:.3f} |"
        for place, (label, part) in enumerate(zip(dataset.labels, share, strict=True))
    ]
    return (
        "## Labels\n\nEvery `soft_label` is in this order.\n\n| place | label | mean probability"
        " |\n|---:|---|---:|\n" + "\n".join(lines)
    )


def _making(dataset: Dataset) -> str:
    recipe = dataset.recipe
    reliability = recipe["reliability"]
    rule = recipe["splits"]
    return (
        f"## How it was made\n\n- aggregation: `{recipe['method']}`, confidence:"
        f" `{recipe['confidence']}`\n- reliability: {reliability['metric']}, alpha"
        f" {reliability['alpha']} (weight of agreement with oneself), normalised by"
        f" `{reliability['normalise']}`, pairs with at least {reliability['min_overlap']} shared"
        f" items\n- merged labels: {reliability['merge'] or 'none'}; items kept where:"
        f" {reliability['where'] or 'all'}\n- splits: as imported, else by a hash of the item id"
        f" (validation {rule['validation_share']}, test {rule['test_share']}, seed {rule['seed']});"
        " items with the same text stand in the same split"
    )


def _care(dataset: Dataset, rows: list[dict[str, Any]]) -> str:
    n_ties = sum(row["is_tie"] for row in rows)
    n_single = sum(row["n_annotations"] == 1 for row in rows)
    entropy = float(np.mean([row["entropy"] for row in rows]))
    return (
        f"## Be careful with\n\n- {n_ties} items are ties: their `hard_label` is only the first of"
        f" the most probable ones.\n- {n_single} items rest on one annotation.\n- mean entropy of a"
        f" soft label: {entropy:.3f} nats. Cross-entropy on these labels cannot go below that of"
        " their split."
    )
