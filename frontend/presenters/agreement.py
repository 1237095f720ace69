"""What the agreement and people pages show of a stored run."""

from collections.abc import Mapping, Sequence
from typing import Any

Row = Mapping[str, Any]
MOST_IN_GRID = 20
COEFFICIENTS = {
    "krippendorff": (
        "Krippendorff's alpha",
        "any number of people, gaps allowed; the one to report",
    ),
    "fleiss": ("Fleiss' kappa", "chance from how often labels were used"),
    "scott": ("Scott's pi", "chance from the labels that two answers to one item use"),
    "gwet": ("Gwet's AC1", "holds when one label is very common"),
    "randolph": ("Randolph's kappa", "chance is the same for every label"),
    "percent": ("Equal answers", "nothing is taken off for chance"),
}
BOTH_CHOICES = (
    "Alpha of both choices (MASI)",
    "first and second choice taken as a set, so that a shared label counts in part",
)
QUESTIONS = {
    "too_fast": (
        "{value:.0%} of their answers came faster than the text can be read. Is the page open in"
        " two places, or do they know the texts?"
    ),
    "same_label_in_a_row": (
        "They chose the same label {value:.0f} times in a row (usually up to {usual:.0f}). Were"
        " those items alike?"
    ),
    "ignores_the_text": (
        "They agree with others on {value:.0%} of answers (usually {usual:.0%}), no more than by"
        " chance. Are the guidelines clear to them?"
    ),
    "same_confidence": "They always say the same confidence. Do they know what the steps mean?",
    "drift": (
        "Beside others on the same items, their agreement fell by {fall:.0%} of answers from their"
        " first half to their second. Did something change?"
    ),
}


def coefficient_rows(result: Row) -> list[dict[str, Any]]:
    weighted = (
        {"gwet": ("Gwet's AC2", COEFFICIENTS["gwet"][1])} if result["level"] != "nominal" else {}
    )
    words = COEFFICIENTS | weighted
    rows = [
        {**row, "name": words[row["metric"]][0], "note": words[row["metric"]][1]}
        for row in result["coefficients"]
    ]
    both = result["both_choices"]
    return (
        [
            *rows,
            {**both["masi"], "metric": "masi", "name": BOTH_CHOICES[0], "note": BOTH_CHOICES[1]},
        ]
        if both
        else rows
    )


def label_rows(result: Row, names: Mapping[str, str]) -> list[dict[str, Any]]:
    """A row a label: agreement on first choices, and under `named` on its being named at all;
    None where nobody names second choices.
    """
    named = (
        {row["label"]: row for row in result["both_choices"]["per_label"]}
        if result["both_choices"]
        else {}
    )
    return [
        {**row, "label": names.get(row["label"], row["label"]), "named": named.get(row["label"])}
        for row in result["per_label"]
    ]


def time_points(result: Row) -> list[dict[str, Any]]:
    """place: items up to the end of each window."""
    points, done = [], 0
    for row in result["over_time"]:
        done += row["n"]
        if row["value"] is not None and row["interval"]:
            points.append(
                {
                    "place": done,
                    "value": row["value"],
                    "low": row["interval"][0],
                    "high": row["interval"][1],
                }
            )
    return points


def grid(result: Row) -> tuple[list[str], list[dict[str, Any]]]:
    """The people who share most, and a cell for each pair of them and each with themselves."""
    by_overlap = sorted(result["annotators"], key=lambda row: -row["n_shared"])[:MOST_IN_GRID]
    names = sorted(row["name"] for row in by_overlap)
    inside = set(names)
    cells = []
    for pair in result["pairs"]:
        if pair["a"] in inside and pair["b"] in inside and pair["value"] is not None:
            cells += [
                _cell(pair["a"], pair["b"], pair["value"]),
                _cell(pair["b"], pair["a"], pair["value"]),
            ]
    cells += [
        _cell(row["name"], row["name"], row["self"]["value"])
        for row in by_overlap
        if row["self"]["value"] is not None
    ]
    return names, cells


def _cell(a: str, b: str, value: float) -> dict[str, Any]:
    shown = f"{value:.2f}".replace("-0.00", "0.00")
    return {
        "a": a,
        "b": b,
        "value": value,
        "figure": shown.replace("0.", ".").replace("-", "\u2212"),
    }


def questions(annotators: Sequence[Row]) -> list[dict[str, str]]:
    """Signs of low effort, as questions to ask."""
    return [
        {
            "name": row["name"],
            "question": (
                QUESTIONS[signal["kind"]].format(
                    value=signal["value"], usual=signal["usual"], fall=-signal["value"]
                )
            ),
        }
        for row in annotators
        for signal in row["signals"]
    ]


def top_confidence(row: Row) -> Row | None:
    """What a person's highest confidence is worth."""
    steps = [step for step in row["confidence"]["steps"] if step["n"]]
    return steps[-1] if steps else None
