"""The dialects there are, in the order in which they are tried. A new one is one file and one
line.
"""

from annotate.importing.dialects import Dialect
from annotate.importing.effiara import EFFIARA
from annotate.importing.long import LONG

DIALECTS: tuple[Dialect, ...] = (EFFIARA, LONG)
NAMES = tuple(dialect.name for dialect in DIALECTS)
