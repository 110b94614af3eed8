"""What replies look like, for the OpenAPI document; the types themselves are the answers' own."""

from typing import Any

import msgspec

from reporting.behind import Change
from reporting.measures import VALUES, Measure, every_dimension


class Changes(msgspec.Struct, frozen=True):
    """A page of the events behind a figure."""

    items: list[Change]
    next: str | None


class Measures(msgspec.Struct, frozen=True):
    """The catalogue."""

    items: list[Measure]
    next: str | None = None


_QUERY = {
    "measure": ("Measures, comma", "courses_completed,participations"),
    "area": ("Codes on `map_date`, or exact, comma; the province if left out", "03763"),
    "period": (
        "Year, quarter, month, day or range, comma; all days up to `as_of` if left out",
        "2024-01-01..2025-10-15",
    ),
    "as_of": ("Nothing valid later counts; today if left out", "2025-10-15"),
    "known_at": (
        "A day (its end, UTC+7) or an instant: nothing recorded later counts; now if left out",
        "2025-10-20",
    ),
    "map_date": ("The day whose map places are shown on; today if left out", "2025-10-20"),
    "by": (
        "`commune`, `village`, `month`, `year` and dimensions of the measures, comma",
        "commune",
    ),
}


def parameters() -> list[dict[str, Any]]:
    """The query parameters of a statistics question, as OpenAPI has them."""
    found = [
        _parameter(name, text, example, required=name == "measure")
        for name, (text, example) in _QUERY.items()
    ]
    for name in sorted(every_dimension()):
        values = VALUES.get(name, ())
        listed = f": {', '.join(values)}" if values else ""
        text = f"Only these values of `{name}`, comma{listed}"
        found.append(_parameter(name, text, values[0] if values else "2025"))
    return found


def _parameter(
    name: str, text: str, example: str | None, *, required: bool = False
) -> dict[str, Any]:
    return {
        "name": name,
        "in": "query",
        "required": required,
        "description": text,
        "schema": {"type": "string", **({"examples": [example]} if example else {})},
    }


def reply(kind: Any, **others: dict[str, Any]) -> dict[int | str, dict[str, Any]]:
    """The successful answer of a path, for FastAPI's ``responses``."""
    return {200: {"content": {"application/json": {"schema": inlined(kind)}, **others}}}


def inlined(kind: Any) -> dict[str, Any]:
    """The JSON schema of a type with nothing referred to elsewhere."""
    (schema,), components = msgspec.json.schema_components((kind,), ref_template="{name}")
    whole: dict[str, Any] = _resolved(schema, components)
    return whole


def _resolved(schema: Any, components: dict[str, Any]) -> Any:
    if isinstance(schema, list):
        return [_resolved(part, components) for part in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return _resolved(components[schema["$ref"]], components)
    return {name: _resolved(part, components) for name, part in schema.items()}
