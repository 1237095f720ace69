"""What a dialect is: its name, the fields a column can be mapped to, how it is recognised and
read.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from annotate.importing.drafts import Draft
from annotate.importing.tables import Table


@dataclass(frozen=True)
class Dialect:
    name: str
    fields: tuple[str, ...]
    matches: Callable[[Table], bool]
    parse: Callable[[Table, Mapping[str, str]], Draft]
