"""How much of a file is taken, whatever it is packed in."""

from annotate.importing.problems import BadFile, Problem

LARGEST_CELL = 1_000_000  # characters
MOST_COLUMNS = 2_000
MOST_CELLS = 20_000_000  # rows times columns that are there
LARGEST_UNPACKED = 400 * 1024**2  # bytes


def refuse(reason: str, **place: object) -> BadFile:
    return BadFile([Problem(reason, **place)])  # type: ignore[arg-type]


class Meter:
    """Counts cells and characters while a file is read, and stops the reading at the bounds."""

    def __init__(self) -> None:
        self.n_cells = self.n_characters = 0

    def count(self, cells: dict[str, str], row: int) -> None:
        """Raises BadFile with the row."""
        self.n_cells += len(cells)
        for column, cell in cells.items():
            self.n_characters += len(cell)
            if len(cell) > LARGEST_CELL:
                reason = f"A cell has {len(cell):,} characters; {LARGEST_CELL:,} is the most."
                raise refuse(reason, row=row, column=column)
        if self.n_cells > MOST_CELLS:
            raise refuse(f"There are more than {MOST_CELLS:,} cells. Split the file.", row=row)
        if self.n_characters > LARGEST_UNPACKED:
            raise unpacked_too_large(row)


def unpacked_too_large(row: int | None = None) -> BadFile:
    limit = LARGEST_UNPACKED // 1024**2
    return refuse(f"The file holds more than {limit} MB of text when unpacked. Split it.", row=row)
