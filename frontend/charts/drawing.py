"""What every chart shares: a Vega-Lite spec rendered to SVG on the server. Colours are the
page's own tokens, so that they follow light and dark.
"""

import functools
import json
from collections.abc import Mapping, Sequence

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
    "axisQuantitative": {"labelOverlap": "parity", "labelSeparation": 8},
    "legend": {
        "labelColor": INK,
        "titleColor": QUIET,
        "labelFontSize": 12,
        "orient": "top",
        "title": None,
    },
}
Rows = Sequence[Mapping[str, object]]
Spec = Mapping[str, object]  # of Vega-Lite


def svg(spec: Spec, label: str) -> SafeString:
    return mark_safe(_render(json.dumps({"config": CONFIG, **spec}, default=str), label))  # noqa: S308  drawn by the renderer from numbers and escaped names


@functools.lru_cache(maxsize=256)
def _render(spec: str, label: str) -> str:
    svg = vl_convert.vegalite_to_svg(spec)
    name = label.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
    return svg.replace("<svg ", f'<svg role="img" aria-label="{name}" ', 1)
