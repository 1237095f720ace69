"""The bar of a soft label: every segment says its label and share, as the whole does in words."""

import re

from django.template import Context, Template

from frontend.presenters.labels import Share

BAR = Template("{% load halftone %}{% distribution shares %}")


def drawn(*shares: Share) -> str:
    return BAR.render(Context({"shares": list(shares)}))


def test_each_segment_names_its_label_and_share() -> None:
    html = drawn(Share("Praise", "#0072b2", 0.75), Share("Wish & hope", "#00795a", 0.25))

    titles = re.findall(r"<title>(.*?)</title>", html)
    assert titles == ["Praise 75%", "Wish &amp; hope 25%"]
    assert 'aria-label="Praise 75%, Wish &amp; hope 25%"' in html


def test_segments_stand_side_by_side_and_fill_the_bar() -> None:
    html = drawn(*(Share(f"L{n}", "#000000", p) for n, p in enumerate((0.2, 0.5, 0.3))))

    places = [
        (float(x), float(width))
        for x, width in re.findall(r'<rect x="([\d.]+)" y="0" width="([\d.]+)"', html)
    ]
    assert places == [(0.0, 20.0), (20.0, 50.0), (70.0, 30.0)]


def test_a_label_that_nobody_chose_has_no_segment_and_no_word() -> None:
    html = drawn(Share("Praise", "#0072b2", 1.0), Share("Wish", "#00795a", 0.0))

    assert html.count("<rect") == 1 and "Wish" not in html
