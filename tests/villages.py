"""A province with villages and a reform that was never made: two communes merged, one divided."""

from datetime import date

from chassis.area import Area, AreaKind, Areas, Unit

LATER = date(2026, 3, 1)
LONG_HE, BINH_THUAN, CO_MA = "03763@2025-07-01", "03724@2025-07-01", "03781@2025-07-01"
MERGED, UPPER, LOWER = "03763@2026-03-01", "03781@2026-03-01", "03999@2026-03-01"
REFORMED = {LONG_HE: (MERGED,), BINH_THUAN: (MERGED,), CO_MA: (UPPER, LOWER)}

OPENED = {
    "03724-501@2024-03-01": "03724@1900-01-01",
    "03763-001@2025-07-02": LONG_HE,
    "03763-002@2025-08-01": LONG_HE,
    "03724-001@2025-07-01": BINH_THUAN,
    "03781-001@2025-07-02": CO_MA,
    "03781-002@2026-03-05": UPPER,
}
"""Each village with the commune it was opened in."""


def with_villages(base: Areas) -> Areas:
    """The maps, a reform on 1 March 2026, and the villages of ``OPENED``."""
    areas = base.copy()
    for name in dict.fromkeys(name for names in REFORMED.values() for name in names):
        areas.add(Unit(Area.parse(name), name, AreaKind.COMMUNE, parent=areas.province))
    for before, names in REFORMED.items():
        for after in names:
            areas.succeed(Area.parse(before), Area.parse(after))
        areas.close(Area.parse(before), LATER)
    for village, commune in OPENED.items():
        parent = Area.parse(commune)
        areas.add(Unit(Area.parse(village), village, AreaKind.VILLAGE, parent=parent))
    return areas
