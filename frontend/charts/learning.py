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


def calibration_diagram(bins: Rows) -> SafeString:
    """How often the model is right against how sure it is; on the diagonal the two are the same."""
    line = {
        "data": {"values": [{"x": 0, "y": 0}, {"x": 1, "y": 1}]},
        "mark": {"type": "line", "color": QUIET, "strokeDash": [4, 4], "strokeWidth": 1},
    }
    share = {"scale": {"domain": [0, 1]}, "axis": {"format": ".0%", "tickCount": 5}}
    line["encoding"] = {
        "x": {"field": "x", "type": "quantitative", **share},
        "y": {"field": "y", "type": "quantitative", **share},
    }
    dots = {
        "data": {"values": list(bins)},
        "mark": {"type": "circle", "color": ACCENT, "opacity": 1},
        "encoding": {
            "x": {
                "field": "confidence",
                "type": "quantitative",
                "title": "how sure the model is",
                **share,
            },
            "y": {
                "field": "accuracy",
                "type": "quantitative",
                "title": "how often it is right",
                **share,
            },
            "size": {
                "field": "n",
                "type": "quantitative",
                "legend": None,
                "scale": {"range": [40, 500]},
            },
        },
    }
    return svg(
        {"width": 260, "height": 260, "layer": [line, dots]},
        "How often the model is right against how sure it is",
    )
