"""What people read for this service's codes, Vietnamese and English."""

from collections.abc import Mapping

from chassis.edge.labels import Label, Labels

from reporting.catalogue.training import COURSE_KINDS
from reporting.measures import MEASURES, Kind

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
_MODELS: Mapping[str, Label] = {
    "citizen": Label("Công dân học tập", "Learning citizen"),
    "family": Label("Gia đình học tập", "Learning family"),
    "clan": Label("Dòng họ học tập", "Learning clan"),
    "community": Label("Cộng đồng học tập", "Learning community"),
    "unit": Label("Đơn vị học tập", "Learning unit"),
}
_GROUPS: Mapping[str, Label] = {
    "farmer": Label("Nông dân, lao động nông thôn", "Farmers and rural labour"),
    "worker": Label("Công nhân, thợ thủ công", "Workers and craftsmen"),
    "official": Label("Cán bộ, công chức, viên chức", "Officials and civil servants"),
    "learner": Label("Học sinh, sinh viên", "Pupils and students"),
    "village": Label("Thôn, bản, tiểu khu, tổ dân phố", "Village"),
    "commune": Label("Cấp xã", "Commune"),
    "province": Label("Cấp tỉnh", "Province"),
}
_LEVELS: Mapping[str, Label] = {
    "level_1": Label("Mức độ 1", "Level 1"),
    "level_2": Label("Mức độ 2", "Level 2"),
    "good": Label("Tốt", "Good"),
    "fair": Label("Khá", "Fair"),
    "average": Label("Trung bình", "Average"),
}
_RENEWALS: Mapping[str, Label] = {
    "true": Label("Công nhận lại", "Renewal"),
    "false": Label("Công nhận mới", "New recognition"),
}
_BASES: Mapping[str, Label] = {
    "ADULTS_15PLUS": Label("Người từ 15 tuổi trở lên", "Adults of 15 years or more"),
    "ADULTS_18PLUS": Label("Người từ 18 tuổi trở lên", "Adults of 18 years or more"),
    "HOUSEHOLDS": Label("Hộ gia đình", "Households"),
    "CLANS": Label("Dòng họ", "Clans"),
    "VILLAGES": Label("Thôn, bản, tiểu khu, tổ dân phố", "Villages"),
    "UNITS": Label("Đơn vị", "Units"),
}
_FUNDS: Mapping[str, Label] = {
    "education_promotion": Label("Quỹ Khuyến học", "Education promotion fund"),
    "scholarship": Label("Quỹ học bổng", "Scholarship fund"),
}
_CHANNELS: Mapping[str, Label] = {
    "cash": Label("Tiền mặt", "Cash"),
    "bank": Label("Chuyển khoản", "Bank transfer"),
    "in_kind": Label("Hiện vật", "In kind"),
}
_USES: Mapping[str, Label] = {"award": Label("Khen thưởng", "Awards")}
_RECIPIENTS: Mapping[str, Label] = {
    "person": Label("Cá nhân", "Person"),
    "collective": Label("Tập thể", "Collective"),
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
    "models": _MODELS,
    "groups": _GROUPS,
    "levels": _LEVELS,
    "renewals": _RENEWALS,
    "base_kinds": _BASES,
    "fund_kinds": _FUNDS,
    "channels": _CHANNELS,
    "uses": _USES,
    "recipient_kinds": _RECIPIENTS,
}
