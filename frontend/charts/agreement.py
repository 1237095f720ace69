"""Charts of agreement: by label, over time, between pairs, and by how many answers an item has."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict

from django.utils.safestring import SafeString

from frontend.charts.drawing import ACCENT, INK, QUIET, RULE, SECOND, Spec, svg
from frontend.presenters.agreement import GridCell, LabelRow, TimePoint
from labeler.numerics.planning.saturation import Point
from labeler.results import ConfidenceStep

ALPHA = {"type": "quantitative", "scale": {"zero": False}}
# the renderer's font is narrower than the page's
ROOM = {"left": 24, "right": 8, "top": 4, "bottom": 4}
PLAIN = {"grid": False, "tickMinStep": 1, "format": "d"}
DEPTH = {"domain": [0, 1], "range": [0.04, 1], "clamp": True}
WORDS = {"hard_label_kept": "same label as with all answers", "alpha": "agreement beyond chance"}


def by_label(rows: Sequence[LabelRow]) -> SafeString | None:
    """One row a label: agreement with its interval."""
    values = [
        {"label": row.label, "value": row.value, "low": row.interval[0], "high": row.interval[1]}
        for row in rows
        if row.interval
    ]
    if not values:
        return None
    y = {
        "field": "label",
        "type": "nominal",
        "title": None,
        "sort": "-x",
        "axis": {"grid": True},
    }
    spec = {
        "width": 360,
        "height": {"step": 30},
        "padding": ROOM,
        "data": {"values": values},
        "layer": [
            {
                "mark": {"type": "rule", "color": ACCENT, "strokeWidth": 2},
                "encoding": {
                    "x": {
                        "field": "low",
                        "title": "agreement on this label against all others",
                        **ALPHA,
                    },
                    "x2": {"field": "high"},
                    "y": y,
                },
            },
            {
                "mark": {"type": "circle", "size": 110, "color": ACCENT, "opacity": 1},
                "encoding": {"x": {"field": "value", **ALPHA}, "y": y},
            },
        ],
    }
    return svg(spec, "Agreement on each label")


def over_time(points: Sequence[TimePoint]) -> SafeString | None:
    """Agreement in the order items were finished, with its interval."""
    if len(points) < 3:
        return None
    x = {
        "field": "place",
        "type": "quantitative",
        "title": "items, from the first finished to the last",
        "axis": {"grid": False, "tickMinStep": 1, "format": "d"},
    }
    spec = {
        "width": 520,
        "height": 180,
        "data": {"values": [asdict(point) for point in points]},
        "layer": [
            {
                "mark": {"type": "area", "color": ACCENT, "opacity": 0.18},
                "encoding": {
                    "x": x,
                    "y": {"field": "low", "title": "agreement", **ALPHA},
                    "y2": {"field": "high"},
                },
            },
            {
                "mark": {
                    "type": "line",
                    "color": ACCENT,
                    "strokeWidth": 2,
                    "point": {"size": 30, "color": ACCENT},
                },
                "encoding": {"x": x, "y": {"field": "value", **ALPHA}},
            },
        ],
    }
    return svg(spec, "Agreement over time")


def pair_grid(names: list[str], cells: Sequence[GridCell]) -> SafeString | None:
    """Everybody against everybody; on the diagonal people against themselves."""
    if len(names) < 2 or not cells:
        return None
    axis = {"labelLimit": 110, "domain": False, "ticks": False}
    x = {
        "field": "b",
        "type": "nominal",
        "title": None,
        "sort": names,
        "axis": {**axis, "orient": "top", "labelAngle": -45},
    }
    y = {"field": "a", "type": "nominal", "title": None, "sort": names, "axis": axis}
    light = {"condition": {"test": "datum.value > 0.62", "value": "var(--paper)"}, "value": INK}
    spec: Spec = {
        "width": {"step": 38},
        "padding": ROOM,
        "height": {"step": 30},
        "data": {"values": [asdict(cell) for cell in cells]},
        "encoding": {"x": x, "y": y},
        "layer": [
            {
                "mark": {
                    "type": "rect",
                    "cornerRadius": 3,
                    "fill": ACCENT,
                    "stroke": RULE,
                    "strokeWidth": 0.5,
                },
                "encoding": {
                    "fillOpacity": {
                        "field": "value",
                        "type": "quantitative",
                        "scale": DEPTH,
                        "legend": None,
                    }
                },
            },
            {
                "mark": {"type": "text", "fontSize": 11},
                "encoding": {"text": {"field": "figure", "type": "nominal"}, "color": light},
            },
        ],
    }
    return svg(spec, "Agreement of each pair, and of people with themselves")


def saturation(curves: Mapping[str, Sequence[Point]]) -> SafeString | None:
    """What fewer answers an item would have given, by metric."""
    points = [
        {"n": point.n_answers, "value": point.value, "what": WORDS[name]}
        for name in WORDS
        for point in curves.get(name, ())
    ]
    if len({point["n"] for point in points}) < 3:
        return None
    spec = {
        "width": 420,
        "height": 200,
        "data": {"values": points},
        "mark": {"type": "line", "strokeWidth": 2, "point": {"size": 30}},
        "encoding": {
            "x": {"field": "n", "type": "quantitative", "title": "answers an item", "axis": PLAIN},
            "y": {
                "field": "value",
                "type": "quantitative",
                "title": None,
                "scale": {"domain": [0, 1]},
            },
            "color": {
                "field": "what",
                "type": "nominal",
                "scale": {"domain": list(WORDS.values()), "range": [ACCENT, SECOND]},
                "legend": {"direction": "vertical", "labelLimit": 320},
            },
        },
    }
    return svg(spec, "What fewer answers an item would have said")


def stated_confidence(steps: Sequence[ConfidenceStep]) -> SafeString | None:
    """How often another person says the same, by how sure somebody said they are."""
    answered = [step for step in steps if step.n]
    if len(answered) < 2:
        return None
    x = {
        "field": "confidence",
        "type": "ordinal",
        "title": "how sure people say they are",
        "axis": {"labelAngle": 0},
    }
    share = {
        "type": "quantitative",
        "scale": {"domain": [0, 1]},
        "axis": {"format": ".0%", "tickCount": 5},
    }
    spec = {
        "width": 300,
        "height": 220,
        "data": {"values": [asdict(step) for step in answered]},
        "layer": [
            {
                "mark": {"type": "line", "color": QUIET, "strokeDash": [4, 4]},
                "encoding": {"x": x, "y": {"field": "expected", **share}},
            },
            {
                "mark": {"type": "rule", "color": ACCENT, "strokeWidth": 2},
                "encoding": {
                    "x": x,
                    "y": {"field": "low", "title": "another person says the same", **share},
                    "y2": {"field": "high"},
                },
            },
            {
                "mark": {"type": "circle", "size": 110, "color": ACCENT, "opacity": 1},
                "encoding": {"x": x, "y": {"field": "share", **share}},
            },
        ],
    }
    return svg(spec, "How often another person says the same, by stated confidence")
