"""What codes are called in Vietnamese and in English: roles, problems, places, common words."""

from collections.abc import Mapping
from dataclasses import dataclass

from chassis.area import WORDS
from chassis.edge.auth import Role

LANGUAGES = ("vi", "en")


@dataclass(frozen=True, slots=True)
class Label:
    vi: str
    en: str

    def in_language(self, language: str) -> str:
        return self.en if language == "en" else self.vi


Labels = Mapping[str, Mapping[str, Label]]
"""Groups of labels: group name, code, what it is called."""

ROLES: Mapping[str, Label] = {
    Role.VILLAGE_CHAPTER_OFFICER: Label("Cán bộ chi hội khuyến học bản", "Village chapter officer"),
    Role.COMMUNE_ASSOCIATION_OFFICER: Label(
        "Cán bộ Hội Khuyến học xã", "Commune association officer"
    ),
    Role.COMMUNE_ASSOCIATION_CHAIR: Label(
        "Chủ tịch Hội Khuyến học xã", "Commune association chair"
    ),
    Role.COMMUNE_AUTHORITY_SIGNER: Label(
        "Người ký của Ủy ban nhân dân xã", "Signer of the commune People's Committee"
    ),
    Role.PROVINCIAL_AUTHORITY_SIGNER: Label(
        "Người ký của Ủy ban nhân dân tỉnh", "Signer of the provincial People's Committee"
    ),
    Role.PROVINCIAL_ASSOCIATION_OFFICER: Label(
        "Cán bộ Hội Khuyến học tỉnh", "Provincial association officer"
    ),
    Role.PROVINCIAL_ASSOCIATION_CHAIR: Label(
        "Chủ tịch Hội Khuyến học tỉnh", "Provincial association chair"
    ),
    Role.FUND_ACCOUNTANT: Label("Kế toán quỹ", "Fund accountant"),
    Role.FUND_APPROVER: Label("Người duyệt chi quỹ", "Fund approver"),
    Role.FUND_TREASURER: Label("Thủ quỹ", "Fund treasurer"),
    Role.AUDITOR_EXTERNAL: Label("Kiểm toán độc lập", "External auditor"),
    Role.DATA_PROTECTION_OFFICER: Label("Cán bộ bảo vệ dữ liệu cá nhân", "Data protection officer"),
    Role.STATISTICS_VIEWER: Label("Người xem thống kê", "Statistics viewer"),
}

PROBLEMS: Mapping[str, Label] = {
    "malformed": Label("Yêu cầu sai định dạng", "The request cannot be read"),
    "key-required": Label("Thiếu khóa chống lặp hợp lệ", "A usable idempotency key is required"),
    "unauthenticated": Label("Chưa đăng nhập", "Not signed in"),
    "forbidden": Label("Không có quyền", "Not permitted"),
    "outside-area": Label("Ngoài địa bàn phụ trách", "Outside your area"),
    "same-person": Label("Một người không được làm cả hai việc", "One person may not do both"),
    "not-found": Label("Không tìm thấy", "Not found"),
    "method-not-allowed": Label("Không hỗ trợ phương thức này", "Method not allowed"),
    "wrong-state": Label("Trạng thái hiện tại không cho phép", "Not possible in the present state"),
    "already-exists": Label("Đã tồn tại", "Already exists"),
    "case-exists": Label("Đã có hồ sơ đăng ký", "A case already exists"),
    "number-taken": Label("Số quyết định đã dùng", "The decision number is taken"),
    "insufficient-balance": Label("Quỹ không đủ số dư", "Insufficient balance"),
    "earmark-mismatch": Label(
        "Tiền dành cho mục đích khác", "The money is earmarked for something else"
    ),
    "erased": Label("Dữ liệu cá nhân đã được xóa", "The personal data was erased"),
    "stale": Label("Dữ liệu đã thay đổi", "It has changed meanwhile"),
    "too-large": Label("Yêu cầu quá lớn", "The request is too large"),
    "unsupported-media": Label("Kiểu nội dung không được hỗ trợ", "Unsupported content type"),
    "invalid": Label("Dữ liệu không hợp lệ", "Invalid data"),
    "unknown-area": Label("Không có địa bàn này", "Unknown area"),
    "unknown-measure": Label("Không có chỉ tiêu này", "Unknown measure"),
    "bad-period": Label("Kỳ thống kê không hợp lệ", "Invalid period"),
    "wrong-model": Label("Sai mô hình học tập", "Wrong learning model"),
    "score-out-of-range": Label("Điểm ngoài thang điểm", "Score out of range"),
    "key-reused": Label(
        "Khóa chống lặp đã dùng cho nội dung khác", "The key was used for another request"
    ),
    "busy": Label("Hệ thống đang bận", "Busy"),
    "position-not-reached": Label("Dữ liệu chưa cập nhật tới", "Position not reached yet"),
    "internal": Label("Lỗi hệ thống", "Internal error"),
}

AREA_KINDS: Mapping[str, Label] = {kind: Label(*words) for kind, words in WORDS.items()}

VERDICTS: Mapping[str, Label] = {
    "accepted": Label("Đã ghi nhận", "Accepted"),
    "replayed": Label("Đã ghi nhận trước đó", "Accepted before"),
    "refused": Label("Bị từ chối", "Refused"),
}

COMMON: Labels = {
    "roles": ROLES,
    "problems": PROBLEMS,
    "area_kinds": AREA_KINDS,
    "verdicts": VERDICTS,
}
"""What every service answers at ``/v1/labels``; a service adds groups of its own."""


def preferred(accept_language: str | None) -> str:
    """``vi`` or ``en``, by the weights of an ``Accept-Language`` value (RFC 9110, 12.5.4)."""
    if not accept_language:
        return "vi"
    weights: dict[str, float] = {}
    for part in accept_language[:200].split(","):
        tag, _, parameters = part.strip().partition(";")
        primary = tag.strip().lower().partition("-")[0]
        if primary in LANGUAGES:
            weights[primary] = max(weights.get(primary, 0.0), _weight(parameters))
    return "en" if weights.get("en", 0.0) > weights.get("vi", 0.0) else "vi"


def _weight(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    if name.strip().lower() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0
