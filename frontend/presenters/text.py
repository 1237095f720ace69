"""An item's text as it is: every blank kept by the style, every invisible character marked."""

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

# Characters that change what is read and leave no trace: directions, joiners, odd blanks.
MARKS = {
    "\u00a0": ("NBSP", "no-break space"),
    "\u00ad": ("SHY", "soft hyphen"),
    "\u061c": ("ALM", "Arabic letter mark"),
    "\u200b": ("ZWSP", "zero-width space"),
    "\u200c": ("ZWNJ", "zero-width non-joiner"),
    "\u200d": ("ZWJ", "zero-width joiner"),
    "\u200e": ("LRM", "left-to-right mark"),
    "\u200f": ("RLM", "right-to-left mark"),
    "\u202a": ("LRE", "left-to-right embedding"),
    "\u202b": ("RLE", "right-to-left embedding"),
    "\u202c": ("PDF", "end of a direction"),
    "\u202d": ("LRO", "left-to-right override"),
    "\u202e": ("RLO", "right-to-left override"),
    "\u2060": ("WJ", "word joiner"),
    "\u2066": ("LRI", "left-to-right isolate"),
    "\u2067": ("RLI", "right-to-left isolate"),
    "\u2068": ("FSI", "first strong isolate"),
    "\u2069": ("PDI", "end of an isolate"),
    "\ufeff": ("BOM", "zero-width no-break space"),
}
EMOJI_JOINERS = {"\u200d"}  # inside an emoji they are part of one picture
FIRST_EMOJI = 0x2190


def shown(text: str) -> SafeString:
    """HTML of the text, each invisible character followed by a small mark that names it.

    >>> str(shown("a<b" + chr(0x200B)))[:19]
    'a&lt;b\\u200b<bdi clas'
    """
    parts: list[SafeString] = []
    plain: list[str] = []
    for place, letter in enumerate(text):
        plain.append(letter)
        if letter in MARKS and not _joins_an_emoji(text, place):
            parts += [format_html("{}", "".join(plain)), _mark(letter)]
            plain = []
    parts.append(format_html("{}", "".join(plain)))
    return mark_safe("".join(parts))  # noqa: S308  every part is escaped


def _mark(letter: str) -> SafeString:
    short, name = MARKS[letter]
    title = f"U+{ord(letter):04X} {name}"
    return format_html('<bdi class="mark" title="{}">{}</bdi>', title, short)


def _joins_an_emoji(text: str, place: int) -> bool:
    before = text[place - 1 : place]
    return text[place] in EMOJI_JOINERS and before != "" and ord(before) >= FIRST_EMOJI
