"""The guide to the arithmetic shows what really comes out."""

import doctest
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_every_output_in_the_guide_to_the_arithmetic_is_real() -> None:
    text = (ROOT / "docs/guide/numerics.md").read_text(encoding="utf-8")
    plain = "\n".join("" if line.startswith("```") else line for line in text.splitlines())
    plain = plain.replace("docs/guide/answers.csv", str(ROOT / "docs/guide/answers.csv"))
    guide = doctest.DocTestParser().get_doctest(
        plain, {}, "numerics.md", "docs/guide/numerics.md", 0
    )

    found = doctest.DocTestRunner(verbose=False).run(guide)

    assert found.failed == 0
    assert found.attempted > 60
