"""What people read for this service's codes, Vietnamese and English."""

from training.domain.kind import Kind, State

KINDS: dict[str, tuple[str, str]] = {
    Kind.PROFESSIONAL_TRAINING: ("Tập huấn, bồi dưỡng nghiệp vụ", "Professional training"),
    Kind.TECH_TRANSFER: ("Lớp chuyển giao khoa học kỹ thuật", "Technology transfer class"),
    Kind.LITERACY: ("Lớp xóa mù chữ", "Literacy class"),
    Kind.IT_SKILLS: ("Tập huấn ứng dụng công nghệ thông tin", "IT skills"),
    Kind.LAW_POLICY: ("Tuyên truyền pháp luật, chính sách", "Law and policy"),
    Kind.CULTURE: ("Văn hóa", "Culture"),
    Kind.LANGUAGE: ("Tiếng dân tộc", "Ethnic languages"),
    Kind.SEMINAR: ("Hội thảo, tọa đàm", "Seminar"),
    Kind.CONTEST: ("Hội thi cán bộ khuyến học giỏi", "Contest of promotion officers"),
}

STATES: dict[str, tuple[str, str]] = {
    State.PLANNED: ("Dự kiến", "Planned"),
    State.OPEN: ("Đang tuyển sinh", "Open for enrolment"),
    State.COMPLETED: ("Đã hoàn thành", "Completed"),
    State.CANCELLED: ("Đã hủy", "Cancelled"),
}
