"""What people read for this service's codes, Vietnamese and English."""

from collections.abc import Mapping

from chassis.edge.labels import Label, Labels

from reporting.measures import COURSE_KINDS, MEASURES, Kind

_COURSES: Mapping[str, Label] = {
    "PROFESSIONAL_TRAINING": Label("Tập huấn, bồi dưỡng nghiệp vụ", "Professional training"),
    "TECH_TRANSFER": Label("Lớp chuyển giao khoa học kỹ thuật", "Technology transfer class"),
    "LITERACY": Label("Lớp xóa mù chữ", "Literacy class"),
    "IT_SKILLS": Label("Tập huấn ứng dụng công nghệ thông tin", "IT skills"),
    "LAW_POLICY": Label("Tuyên truyền pháp luật, chính sách", "Law and policy"),
    "CULTURE": Label("Văn hóa", "Culture"),
    "LANGUAGE": Label("Tiếng dân tộc", "Ethnic languages"),
    "SEMINAR": Label("Hội thảo, tọa đàm", "Seminar"),
    "CONTEST": Label("Hội thi cán bộ khuyến học giỏi", "Contest of promotion officers"),
}
_ADDING: Mapping[str, Label] = {
    Kind.STOCK: Label("Số hiện có", "Stock"),
    Kind.FLOW: Label("Số phát sinh", "Flow"),
    Kind.DISTINCT: Label("Số không trùng lặp", "Distinct count"),
    Kind.RATIO: Label("Tỷ lệ", "Ratio"),
}

LABELS: Labels = {
    "measures": {one.id: Label(one.name.vi, one.name.en) for one in MEASURES.values()},
    "units": {one.id: Label(one.unit.vi, one.unit.en) for one in MEASURES.values()},
    "measure_kinds": _ADDING,
    "course_kinds": {kind: _COURSES[kind] for kind in COURSE_KINDS},
}
