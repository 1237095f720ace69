"""Charts of trainings and models."""

from django.utils.safestring import SafeString

from frontend.charts.drawing import ACCENT, QUIET, SECOND, Rows, svg


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
    colour = {
        "field": "split",
        "type": "nominal",
        "scale": {"domain": ["training batches", "validation split"], "range": [SECOND, ACCENT]},
    }
    spec = {
        "width": 560,
        "height": 220,
        "data": {"values": points},
        "mark": {"type": "line", "point": {"size": 18}, "strokeWidth": 2},
        "encoding": {
            "x": {
                "field": "step",
                "type": "quantitative",
                "title": "step",
                "axis": {"grid": False, "tickMinStep": 1},
            },
            "y": {
                "field": "loss",
                "type": "quantitative",
                "title": "soft cross-entropy",
                "scale": {"zero": False},
            },
            "color": colour,
        },
    }
    return svg(spec, "Loss by training step")


SHARE = {"type": "quantitative", "scale": {"domain": [0, 1]}}
PERCENT = {"format": ".0%", "values": [0, 0.25, 0.5, 0.75, 1], "labelOverlap": True}


def calibration_diagram(decision: Rows, people: Rows) -> SafeString:
    """How often the model is right against how sure it is, and the share of people who agree
    against the probability it gives; on the diagonal the two are the same.
    """
    line = {
        "data": {"values": [{"x": 0, "y": 0}, {"x": 1, "y": 1}]},
        "mark": {"type": "line", "color": QUIET, "strokeDash": [4, 4], "strokeWidth": 1},
        "encoding": {
            "x": {"field": "x", **SHARE, "axis": PERCENT},
            "y": {"field": "y", **SHARE, "axis": PERCENT},
        },
    }
    filled = {"type": "circle", "color": ACCENT, "opacity": 1}
    open_ = {"type": "point", "color": SECOND, "strokeWidth": 2, "opacity": 1}
    layers = [line, _dots(people, "share", open_), _dots(decision, "accuracy", filled)]
    return svg(
        {"width": 260, "height": 260, "layer": layers},
        "How often the model is right against how sure it is, and how many people agree",
    )


def _dots(bins: Rows, field: str, mark: dict[str, object]) -> dict[str, object]:
    return {
        "data": {"values": list(bins)},
        "mark": mark,
        "encoding": {
            "x": {"field": "confidence", "title": "what the model says", **SHARE},
            "y": {"field": field, "title": "what is so", **SHARE},
            "size": {
                "field": "n",
                "type": "quantitative",
                "legend": None,
                "scale": {"range": [40, 400]},
            },
        },
    }
