"""Charts are drawn by an engine of their own, once for everybody, and never break a page."""

import json
import time

import pytest
from django.core.cache import cache

from frontend.charts import drawing, renderer
from frontend.charts.drawing import NARROW, svg
from frontend.charts.renderer import Engine, drawn

pytestmark = pytest.mark.django_db
SPEC = {
    "width": 400,
    "data": {"values": [{"a": 1, "b": 2}, {"a": 2, "b": 5}]},
    "mark": "line",
    "encoding": {
        "x": {"field": "a", "type": "quantitative"},
        "y": {"field": "b", "type": "quantitative"},
    },
}


def test_a_chart_is_drawn_with_its_name_and_once_more_for_a_phone() -> None:
    html = svg(SPEC, 'Loss "by" <step>')

    assert html.count('role="img" aria-label="Loss &quot;by&quot; &lt;step>"') == 2
    assert 'class="on-wide"' in html and 'class="on-narrow"' in html


def test_a_chart_that_is_narrow_enough_is_drawn_once() -> None:
    assert svg({**SPEC, "width": NARROW}, "Narrow").count("<svg") == 1


def test_what_one_process_drew_another_need_not(monkeypatch: pytest.MonkeyPatch) -> None:
    spec = json.dumps({**SPEC, "title": "Kept"})
    first = drawn(spec)

    class NoEngine(Engine):
        def draw(self, spec: str) -> str:
            raise AssertionError("it is drawn already")

    monkeypatch.setattr(renderer, "ENGINE", NoEngine())
    assert drawn(spec) == first
    with pytest.raises(AssertionError):
        drawn(json.dumps({**SPEC, "title": "Another"}))


def test_an_engine_that_ended_is_started_again() -> None:
    engine = Engine()
    first = engine.draw(json.dumps(SPEC))
    assert engine._process is not None
    engine._process.kill()
    engine._process.wait()

    assert engine.draw(json.dumps(SPEC)) == first


def test_what_cannot_be_drawn_is_said_and_the_page_goes_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cache.clear()
    monkeypatch.setattr(renderer, "ENGINE", Engine())

    html = svg({"width": 100, "mark": "no such mark"}, "Broken")

    assert drawing.NOT_DRAWN in html


def ended(engine: Engine) -> int | None:
    """Its exit code, when it ends within some seconds."""
    assert engine._process is not None
    deadline = time.monotonic() + 10
    while engine._process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.05)
    return engine._process.poll()


def test_an_engine_that_nobody_asks_ends_by_itself_and_is_started_when_somebody_does() -> None:
    engine = Engine(idle_seconds=0.3)
    first = engine.draw(json.dumps(SPEC))

    assert ended(engine) == 0
    assert engine.draw(json.dumps(SPEC)) == first


def test_an_engine_ends_with_the_process_that_started_it() -> None:
    engine = Engine()
    engine.draw(json.dumps(SPEC))
    assert engine._process is not None and engine._process.stdin is not None

    engine._process.stdin.close()

    assert ended(engine) == 0
