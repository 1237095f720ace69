"""Every chart, as a Vega-Lite spec rendered to SVG on the server. Colours are the page's own tokens, so that they follow light and dark."""

import functools
import json
from collections.abc import Mapping, Sequence
from typing import Any

import vl_convert
from django.utils.safestring import SafeString, mark_safe

INK, QUIET, ACCENT, RULE = "var(--ink)", "var(--quiet)", "var(--accent)", "var(--rule)"
SECOND = "var(--second)"
CONFIG = {
    "background": None,
    "font": "system-ui, sans-serif",
    "view": {"stroke": None},
    "axis": {
        "labelColor": QUIET,
        "titleColor": QUIET,
        "gridColor": RULE,
        "domainColor": RULE,
        "tickColor": RULE,
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
    },
    "legend": {"labelColor": INK, "titleColor": QUIET, "labelFontSize": 12, "orient": "top", "title": None},
}
Rows = Sequence[Mapping[str, Any]]


def _svg(spec: dict[str, Any], label: str) -> SafeString:
    return mark_safe(_render(json.dumps({"config": CONFIG, **spec}, default=str), label))  # noqa: S308  drawn by the renderer from numbers and escaped names


@functools.lru_cache(maxsize=256)
def _render(spec: str, label: str) -> str:
    svg = vl_convert.vegalite_to_svg(spec)
    name = label.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
    return svg.replace("<svg ", f'<svg role="img" aria-label="{name}" ', 1)


def training_curves(history: Rows) -> SafeString | None:
    """Loss on the batches and on the validation split by step."""
    points = [
        {"step": line["step"], "loss": line[name], "split": split}
        for line in history
        for name, split in (("loss", "training batches"), ("validation_loss", "validation split"))
        if name in line
    ]
    if len(points) < 2:
        return None
    colour = {"field": "split", "type": "nominal", "scale": {"domain": ["training batches", "validation split"], "range": [SECOND, ACCENT]}}
    spec = {
        "width": 560,
        "height": 220,
        "data": {"values": points},
        "mark": {"type": "line", "point": {"size": 18}, "strokeWidth": 2},
        "encoding": {
            "x": {"field": "step", "type": "quantitative", "title": "step", "axis": {"grid": False, "tickMinStep": 1}},
            "y": {"field": "loss", "type": "quantitative", "title": "soft cross-entropy", "scale": {"zero": False}},
            "color": colour,
        },
    }
    return _svg(spec, "Loss by training step")


def calibration_diagram(bins: Rows) -> SafeString:
    """How often the model is right against how sure it is; on the diagonal the two are the same."""
    line = {"data": {"values": [{"x": 0, "y": 0}, {"x": 1, "y": 1}]}, "mark": {"type": "line", "color": QUIET, "strokeDash": [4, 4], "strokeWidth": 1}}
    share = {"scale": {"domain": [0, 1]}, "axis": {"format": ".0%", "tickCount": 5}}
    line["encoding"] = {"x": {"field": "x", "type": "quantitative", **share}, "y": {"field": "y", "type": "quantitative", **share}}
    dots = {
        "data": {"values": list(bins)},
        "mark": {"type": "circle", "color": ACCENT, "opacity": 1},
        "encoding": {
            "x": {"field": "confidence", "type": "quantitative", "title": "how sure the model is", **share},
            "y": {"field": "accuracy", "type": "quantitative", "title": "how often it is right", **share},
            "size": {"field": "n", "type": "quantitative", "legend": None, "scale": {"range": [40, 500]}},
        },
    }
    return _svg({"width": 260, "height": 260, "layer": [line, dots]}, "How often the model is right against how sure it is")


def answers_a_day(days: Rows) -> SafeString | None:
    if len(days) < 2:  # one day is a figure, not a chart
        return None
    spec = {
        "width": 520,
        "height": 120,
        "data": {"values": list(days)},
        "mark": {"type": "bar", "color": ACCENT, "cornerRadiusEnd": 2, "width": {"band": 0.7}},
        "encoding": {
            "x": {"field": "day", "type": "ordinal", "title": None, "axis": {"labelAngle": 0, "labelOverlap": True}},
            "y": {"field": "n", "type": "quantitative", "title": "answers a day", "axis": {"tickCount": 3, "tickMinStep": 1}},
        },
    }
    return _svg(spec, "Answers a day")


def reliability_dots(annotators: Rows) -> SafeString | None:
    """One row a person: reliability around 1, the mean of everybody."""
    if not annotators:
        return None
    rows = [{"name": row["name"], "reliability": row["reliability"]} for row in annotators]
    y = {"field": "name", "type": "nominal", "title": None, "sort": "-x", "axis": {"labelLimit": 160, "grid": True}}
    low, high = min(0.8, *(r["reliability"] for r in rows)), max(1.2, *(r["reliability"] for r in rows))
    spec = {
        "width": 360,
        "height": {"step": 26},
        "padding": {"left": 24, "right": 8, "top": 4, "bottom": 4},
        "layer": [
            {
                "data": {"values": [{"one": 1}]},
                "mark": {"type": "rule", "color": QUIET, "strokeDash": [4, 4]},
                "encoding": {"x": {"field": "one", "type": "quantitative"}},
            },
            {
                "data": {"values": rows},
                "mark": {"type": "circle", "size": 110, "color": ACCENT, "opacity": 1},
                "encoding": {
                    "x": {
                        "field": "reliability",
                        "type": "quantitative",
                        "title": "reliability (1 = average)",
                        "scale": {"domain": [low, high], "zero": False},
                        "axis": {"tickCount": 6},
                    },
                    "y": y,
                },
            },
        ],
    }
    return _svg(spec, "Reliability of each annotator")
