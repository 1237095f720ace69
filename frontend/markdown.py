"""Guidelines and data cards from Markdown. Raw HTML stays text, images are left out, and links
may only be http, https or mailto.
"""

from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

PARSER = (
    MarkdownIt("commonmark", {"html": False, "linkify": False}).enable("table").disable("image")
)


def render_markdown(source: str) -> SafeString:
    tokens = [_without_style(token) for token in PARSER.parse(source)]
    html = str(PARSER.renderer.render(tokens, PARSER.options, {}))
    return mark_safe(html)  # noqa: S308  the renderer escapes what it does not make itself


def _without_style(token: Token) -> Token:
    """Aligned table cells come with a style attribute, which the content security policy
    refuses; ours have a class for it.
    """
    if token.attrs.pop("style", None) == "text-align:right":
        token.attrs["class"] = "number"
    return token
