"""The annotation screen as it would be, and which of its colours are hard to see."""

from collections.abc import Sequence

from annotate.services.projects import LabelDraft, hotkeys_of
from frontend.presenters.annotating import LabelChoice

SHEETS = {"light": "#ffffff", "dark": "#1d2223"}  # as in tokens.css
ENOUGH = 3.0  # WCAG 2.2, 1.4.11: of what is not text
EXAMPLES = (("First label", "what it means"), ("Second label", ""), ("Third label", ""))


def previewed(drafts: Sequence[LabelDraft]) -> list[LabelChoice]:
    """Examples where nothing has been written yet."""
    shown = drafts or [LabelDraft(name, name, text, "#717171") for name, text in EXAMPLES]
    return [
        LabelChoice(
            draft.key,
            draft.name or draft.key,
            draft.description,
            draft.colour,
            hotkey,
            is_primary=False,
            is_secondary=False,
        )
        for draft, hotkey in zip(shown, hotkeys_of(shown), strict=True)
    ]


def hard_to_see(drafts: Sequence[LabelDraft]) -> list[tuple[str, str]]:
    """(label, "light" or "dark") where its colour stands out too little from the page."""
    return [
        (draft.name or draft.key, theme)
        for draft in drafts
        for theme, sheet in SHEETS.items()
        if draft.colour and contrast(draft.colour, sheet) < ENOUGH
    ]


def contrast(one: str, other: str) -> float:
    """Of two colours #rrggbb, 1 to 21. W3C, WCAG 2.2, contrast ratio.

    >>> contrast("#000000", "#ffffff")
    21.0
    """
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    shares = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (
        share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
