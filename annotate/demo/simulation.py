"""Six simulated people, with stated skill, habits and moods. Seeded: the same seed gives the
same answers.
"""

from dataclasses import dataclass

import numpy as np

from annotate.demo.texts import CORES, LABELS, TAILS

KEYS = tuple(LABELS)
N_ITEMS = 300
N_PLAIN = 104  # one sentence; the rest carry a second one that pulls another way
N_REPEATS = 30  # answers each person gives a second time
N_A_PAIR = 20
TAIL_PULL = 0.34


@dataclass(frozen=True)
class Persona:
    """skill: how far their choice follows the note; bold: how much surer they sound than they
    should; second: how often they name one.
    """

    name: str
    skill: float
    bold: float
    second: float
    steadiness: float


PEOPLE = (
    Persona("sim-ada", skill=0.95, bold=0.0, second=0.5, steadiness=0.92),
    Persona("sim-bruno", skill=0.88, bold=0.1, second=0.3, steadiness=0.85),
    Persona("sim-chen", skill=0.92, bold=-0.1, second=0.6, steadiness=0.9),
    Persona("sim-dina", skill=0.8, bold=0.2, second=0.2, steadiness=0.8),
    Persona("sim-emeka", skill=0.9, bold=0.0, second=0.4, steadiness=0.88),
    Persona("sim-freya", skill=0.6, bold=0.3, second=0.1, steadiness=0.6),
)


@dataclass(frozen=True)
class Note:
    """shade: (4,) how strongly the note speaks for each label, in the order of LABELS."""

    item_id: str
    text: str
    shade: tuple[float, ...]


def notes(seed: int) -> list[Note]:
    """N_ITEMS notes in mixed order."""
    rng = np.random.default_rng(seed)
    plain = [(text, key, None) for key, texts in CORES.items() for text in texts]
    mixed = [(f"{text} {tail}", key, other) for text, key, other, tail in _mixed(rng)]
    drafts = plain[:N_PLAIN] + mixed[: N_ITEMS - N_PLAIN]
    order = rng.permutation(len(drafts))
    return [
        Note(f"note-{n:03d}", drafts[place][0], _shade(*drafts[place][1:]))
        for n, place in enumerate(order, start=1)
    ]


def _mixed(rng: np.random.Generator) -> list[tuple[str, str, str, str]]:
    pairs = [
        (text, key, other)
        for key, texts in CORES.items()
        for text in texts
        for other in KEYS
        if other != key
    ]
    order = rng.permutation(len(pairs))
    return [
        (*pairs[place], TAILS[pairs[place][2]][turn % len(TAILS[pairs[place][2]])])
        for turn, place in enumerate(order)
    ]


def _shade(key: str, other: str | None) -> tuple[float, ...]:
    weight = dict.fromkeys(KEYS, 0.02)
    weight[key] = 0.94
    if other is not None:
        weight[key], weight[other] = 0.94 - TAIL_PULL, 0.02 + TAIL_PULL
    return tuple(weight[label] for label in KEYS)


def answer_rows(seed: int) -> list[dict[str, str]]:
    """Rows of the native long dialect: the notes, who answered what, and the repeats."""
    rng = np.random.default_rng((seed, 1))
    written = notes(seed)
    rows: list[dict[str, str]] = []
    given: dict[str, list[tuple[Note, str]]] = {person.name: [] for person in PEOPLE}
    for place, note in enumerate(written):
        people = _pair(place)
        if not people:
            rows.append(_row(note))
        for person in people:
            row = _answer(note, person, rng)
            rows.append(row)
            given[person.name].append((note, row["label"]))
    for person in PEOPLE:
        rows.extend(
            _repeat(note, label, person, rng) for note, label in given[person.name][:N_REPEATS]
        )
    return rows


def _pair(place: int) -> tuple[Persona, ...]:
    """Twelve pairs of N_A_PAIR notes each, as the EffiARA ring plans them; the rest is left for
    whoever opens the demo.
    """
    ring = [(a, (a + step) % len(PEOPLE)) for a in range(len(PEOPLE)) for step in (1, 2)]
    block = place // N_A_PAIR
    return (PEOPLE[ring[block][0]], PEOPLE[ring[block][1]]) if block < len(ring) else ()


def _row(note: Note) -> dict[str, str]:
    names = ("annotator", "label", "confidence", "secondary", "round", "seconds")
    return {"item_id": note.item_id, "text": note.text, **dict.fromkeys(names, "")}


def _answer(
    note: Note,
    person: Persona,
    rng: np.random.Generator,
    label: str | None = None,
    round_number: int = 1,
) -> dict[str, str]:
    belief = person.skill * np.array(note.shade) + (1 - person.skill) / len(KEYS)
    chosen = KEYS.index(label) if label else int(rng.choice(len(KEYS), p=belief / belief.sum()))
    said = float(np.clip(belief[chosen] + person.bold + rng.normal(0, 0.12), 0, 1))
    others = [place for place in np.argsort(-belief) if place != chosen]
    is_torn = belief[others[0]] > 0.15 or rng.random() < 0.1
    secondary = KEYS[others[0]] if is_torn and rng.random() < person.second + 0.3 else ""
    spent = rng.lognormal(np.log(4 + len(note.text) / 20), 0.4)
    return _row(note) | {
        "annotator": person.name,
        "label": KEYS[chosen],
        "confidence": str(1 + round(4 * said)),
        "secondary": secondary,
        "round": str(round_number),
        "seconds": f"{spent * (0.75 if round_number > 1 else 1):.1f}",
    }


def _repeat(note: Note, label: str, person: Persona, rng: np.random.Generator) -> dict[str, str]:
    """Weeks later: mostly the same answer, depending on the person."""
    same = label if rng.random() < person.steadiness else None
    return _answer(note, person, rng, label=same, round_number=2)
