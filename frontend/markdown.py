"""Guidelines and data cards from Markdown. Raw HTML stays text, and links may only be http, https or mailto."""

from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

RENDERER = MarkdownIt("commonmark", {"html": False, "linkify": False}).enable("table").disable("image")


def render_markdown(source: str) -> SafeString:
    return mark_safe(str(RENDERER.render(source)))  # noqa: S308  the renderer escapes what it does not make itself
