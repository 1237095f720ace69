"""What every chart shares: a Vega-Lite spec rendered to SVG on the server. Colours are the
page's own tokens, so that they follow light and dark.
"""

import json
import logging
from collections.abc import Mapping, Sequence

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from frontend.charts.renderer import NotDrawn, drawn

log = logging.getLogger(__name__)

INK, QUIET, ACCENT, RULE = "var(--ink)", "var(--quiet)", "var(--accent)", "var(--rule)"
SECOND = "var(--second)"
LEGEND = {
    "labelColor": INK,
    "titleColor": QUIET,
    "labelFontSize": 12,
    "orient": "top",
    "title": None,
    "columnPadding": 32,  # the page's font is wider than the one that is measured
}
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
    "axisQuantitative": {"labelOverlap": "parity", "labelSeparation": 8},
    "axisBand": {"labelLimit": 200},
    "legend": LEGEND,
}
Rows = Sequence[Mapping[str, object]]
Spec = Mapping[str, object]  # of Vega-Lite


NOT_DRAWN = "This chart cannot be drawn at the moment; its figures stand in the table."
NARROW = 220  # pixels of the plot on a phone, beside its labels
NARROW_CONFIG = {
    **CONFIG,
    "axisBand": {"labelLimit": 90},
    "legend": {**LEGEND, "direction": "vertical"},
}


def svg(spec: Spec, label: str) -> SafeString:
    """Drawn once, and once more for a phone where the plot is wider than that: the style sheet
    shows one of them.
    """
    whole, width = _drawn({"config": CONFIG, **spec}, label), spec.get("width")
    if not isinstance(width, int) or width <= NARROW:
        return whole
    narrow = _drawn({"config": NARROW_CONFIG, **spec, "width": NARROW}, label)
    return format_html(
        '<div class="on-wide">{}</div><div class="on-narrow">{}</div>', whole, narrow
    )


def _drawn(spec: Spec, label: str) -> SafeString:
    try:
        svg = drawn(json.dumps(spec, default=str))
    except NotDrawn:
        log.exception("the chart “%s” was not drawn", label)
        return format_html('<p class="quiet">{}</p>', NOT_DRAWN)
    name = label.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
    return mark_safe(svg.replace("<svg ", f'<svg role="img" aria-label="{name}" ', 1))  # noqa: S308  drawn by the engine from numbers and escaped names
