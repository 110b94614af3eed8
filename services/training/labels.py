"""What people read for this service's codes, Vietnamese and English."""

from collections.abc import Mapping

from chassis.edge.labels import Label, Labels

from training.domain.kind import Kind, State

KINDS: Mapping[str, Label] = {
    Kind.PROFESSIONAL_TRAINING: Label("Tập huấn, bồi dưỡng nghiệp vụ", "Professional training"),
    Kind.TECH_TRANSFER: Label("Lớp chuyển giao khoa học kỹ thuật", "Technology transfer class"),
    Kind.LITERACY: Label("Lớp xóa mù chữ", "Literacy class"),
    Kind.IT_SKILLS: Label("Tập huấn ứng dụng công nghệ thông tin", "IT skills"),
    Kind.LAW_POLICY: Label("Tuyên truyền pháp luật, chính sách", "Law and policy"),
    Kind.CULTURE: Label("Văn hóa", "Culture"),
    Kind.LANGUAGE: Label("Tiếng dân tộc", "Ethnic languages"),
    Kind.SEMINAR: Label("Hội thảo, tọa đàm", "Seminar"),
    Kind.CONTEST: Label("Hội thi cán bộ khuyến học giỏi", "Contest of promotion officers"),
}

STATES: Mapping[str, Label] = {
    State.PLANNED: Label("Dự kiến", "Planned"),
    State.OPEN: Label("Đang tuyển sinh", "Open for enrolment"),
    State.COMPLETED: Label("Đã hoàn thành", "Completed"),
    State.CANCELLED: Label("Đã hủy", "Cancelled"),
}

LABELS: Labels = {"course_kinds": KINDS, "course_states": STATES}
