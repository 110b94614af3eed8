"""A result of scores as replies and reads tell it, in sentences a citizen can read."""

from typing import Any

from registry.domain.reasons import of_item, of_result
from registry.domain.scoring import Result


def explained(result: Result, language: str) -> dict[str, Any]:
    """Passed or not, the total, and why, as a whole and item by item."""
    return {
        "passed": result.passed,
        "total": result.total,
        "level": result.level,
        "reason": of_result(result).in_language(language),
        "items": [
            {
                "item": each.item.id,
                "met": each.met,
                "reason": of_item(each).in_language(language),
            }
            for each in result.items
        ],
    }
