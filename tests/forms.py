"""The forms of a page, and what a browser sends when nobody has touched them."""

from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class Form:
    action: str
    method: str
    fields: dict[str, list[str]] = field(default_factory=dict)
    offered: dict[str, list[str]] = field(default_factory=dict)
    unchosen: list[str] = field(default_factory=list)  # select boxes where the browser picks

    @property
    def untouched(self) -> dict[str, str | list[str]]:
        """What a browser sends: checked boxes, the chosen or first option, values as they are."""
        return {name: v[0] if len(v) == 1 else v for name, v in self.fields.items()}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._form: Form | None = None
        self._select: str | None = None
        self._textarea: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = Form(given.get("action", ""), given.get("method", "get").lower())
            self.forms.append(self._form)
        elif self._form is None or "disabled" in given:
            return
        elif tag == "input" and given.get("name"):
            self._input(self._form, given)
        elif tag == "select":
            self._select = given["name"]
            self._form.offered[self._select] = []
        elif tag == "option" and self._select is not None:
            self._form.offered[self._select].append(given.get("value", ""))
            if "selected" in given:
                self._form.fields[self._select] = [given.get("value", "")]
        elif tag == "textarea":
            self._textarea = given["name"]
            self._form.fields[self._textarea] = [""]

    @staticmethod
    def _input(form: Form, given: dict[str, str]) -> None:
        kind, name = given.get("type", "text"), given["name"]
        if kind in ("submit", "button", "file"):
            return
        if kind in ("radio", "checkbox") and "checked" not in given:
            return
        without_value = "on" if kind in ("radio", "checkbox") else ""
        form.fields.setdefault(name, []).append(given.get("value", without_value))

    def handle_data(self, data: str) -> None:
        if self._textarea is not None and self._form is not None:
            self._form.fields[self._textarea][0] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select" and self._form is not None and self._select is not None:
            offered = self._form.offered[self._select]
            if self._select not in self._form.fields and offered:
                self._form.fields[self._select] = [offered[0]]
                self._form.unchosen.append(self._select)
            self._select = None
        elif tag == "textarea":
            self._textarea = None


def forms_of(page: str) -> list[Form]:
    reader = _Reader()
    reader.feed(page)
    return reader.forms


def form_for(page: str, name: str) -> Form:
    """The first form that has a field or a choice of this name."""
    return next(form for form in forms_of(page) if name in form.fields or name in form.offered)
