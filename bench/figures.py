"""What a measurement prints."""

from typing import Any

Figures = dict[str, Any]  # by name, as JSON shows them
