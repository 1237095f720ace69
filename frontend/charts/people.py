"""Charts of people: how many answers, how reliable, how well they know how sure they are."""

from collections.abc import Sequence

from django.utils.safestring import SafeString

from frontend.charts.drawing import ACCENT, QUIET, Rows, svg
from labeler.results import AnnotatorReliability


def answers_a_day(days: Rows) -> SafeString | None:
    if len(days) < 2:  # one day is a figure, not a chart
        return None
    spec = {
        "width": 520,
        "height": 120,
        "data": {"values": list(days)},
        "mark": {"type": "bar", "color": ACCENT, "cornerRadiusEnd": 2, "width": {"band": 0.7}},
        "encoding": {
            "x": {
                "field": "day",
                "type": "ordinal",
                "title": None,
                "axis": {"labelAngle": 0, "labelOverlap": True},
            },
            "y": {
                "field": "n",
                "type": "quantitative",
                "title": "answers a day",
                "axis": {"tickCount": 3, "tickMinStep": 1},
            },
        },
    }
    return svg(spec, "Answers a day")


def reliability_dots(annotators: Sequence[AnnotatorReliability]) -> SafeString | None:
    """One row a person: reliability around 1, the mean of everybody."""
    if not annotators:
        return None
    rows = [{"name": row.name, "reliability": row.reliability} for row in annotators]
    y = {
        "field": "name",
        "type": "nominal",
        "title": None,
        "sort": "-x",
        "axis": {"grid": True},
    }
    low, high = (
        min(0.8, *(row.reliability for row in annotators)),
        max(1.2, *(row.reliability for row in annotators)),
    )
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
    return svg(spec, "Reliability of each annotator")
