"""What templates need beyond Django: figures, durations and the stacked bar of a distribution."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from django import template
from django.template import Context
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from frontend.markdown import render_markdown
from frontend.presenters.labels import Share
from frontend.presenters.text import shown

register = template.Library()
Number = float | Literal[""] | None  # a template hands on "" where a name leads nowhere


@register.filter
def figure(value: Number, digits: int = 3) -> str:
    """A number with a fixed number of decimals; a dash where there is none."""
    return "–" if value is None or value == "" else f"{value:.{digits}f}".replace("-", "\u2212")


@register.filter
def percent(value: Number) -> str:
    return "–" if value is None or value == "" else f"{value:.0%}"


@register.filter
def interval(bounds: Sequence[float] | None) -> str:
    return f"{bounds[0]:.2f} to {bounds[1]:.2f}".replace("-", "\u2212") if bounds else ""


@register.filter
def thousands(value: Number) -> str:
    return "–" if value is None or value == "" else f"{value:,}".replace(",", "\u2009")


@register.filter
def megabytes(value: Number) -> str:
    return "–" if value is None or value == "" else f"{value / 1e6:,.0f} MB".replace(",", "\u2009")


@register.filter
def seconds_long(value: Number) -> str:
    if value is None or value == "":
        return "–"
    return f"{value:.0f} s" if value < 120 else f"{value / 60:.0f} min"


@register.filter
def markdown(source: str) -> SafeString:
    return render_markdown(source)


@register.filter
def moment(value: datetime | Literal[""] | None) -> str:
    """In UTC and saying so; the script of every page shows it in the reader's own time."""
    if not value:
        return "–"
    words = f"{value:%-d %b %Y, %H:%M} UTC"
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), words)


@register.filter
def shown_text(text: str) -> SafeString:
    return shown(text)


@register.simple_tag(takes_context=True)
def tab(context: Context, name: str, words: str, *also: str) -> SafeString:
    """A link to a page of the project, marked on that page and on those named in `also`."""
    here = context["request"].resolver_match
    current = here is not None and here.url_name in (name, *also)
    mark = mark_safe(' aria-current="page"') if current else ""
    href = reverse(name, args=[context["project"].slug])
    return format_html('<a href="{}"{}>{}</a>', href, mark, words)


@register.inclusion_tag("frontend/_distribution.html")
def distribution(shares: Sequence[Share]) -> dict[str, object]:
    """`shares` in label order. Drawn as one bar of 100 units."""
    parts, start = [], 0.0
    for share in shares:
        width = round(100 * share.p, 3)
        place = {"x": round(start, 3), "width": width}
        parts.append({"name": share.name, "p": share.p, "colour": share.colour, **place})
        start += width
    text = ", ".join(
        f"{share.name} {share.p:.0%}"
        for share in sorted(shares, key=lambda share: -share.p)
        if share.p >= 0.005
    )
    return {"parts": parts, "text": text}
