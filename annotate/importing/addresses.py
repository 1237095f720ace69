"""Columns that hold addresses of people's computers: kept only when somebody says so."""

import ipaddress
from collections.abc import Iterable

from annotate.importing.drafts import ItemRow

NAMES = {"ip", "_ip", "ip_address", "ipaddress", "remote_addr", "client_ip", "_worker_ip"}


def address_columns(items: Iterable[ItemRow]) -> list[str]:
    """Attributes named so, or of which every value is one."""
    values: dict[str, list[str]] = {}
    for item in items:
        for name, value in item.attributes.items():
            values.setdefault(name, []).append(value)
    return [
        name
        for name, cells in values.items()
        if name.casefold() in NAMES or all(map(_is_address, cells))
    ]


def _is_address(cell: str) -> bool:
    if "." not in cell and ":" not in cell:
        return False
    try:
        ipaddress.ip_address(cell.strip())
    except ValueError:
        return False
    return True
