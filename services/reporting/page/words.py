"""What the page says, in Vietnamese and English: every key in both, which a test holds together."""

from collections.abc import Mapping
from typing import Final

from reporting.page import english, vietnamese
from reporting.page.formats import Language

TEXTS: Final[Mapping[Language, Mapping[str, str]]] = {
    "vi": vietnamese.TEXTS,
    "en": english.TEXTS,
}

EVENT_TYPES: Final[Mapping[str, tuple[str, str]]] = {
    "TitleRegistered": ("Đăng ký danh hiệu", "Registration for a title"),
    "TitleRecognised": ("Công nhận danh hiệu", "Title recognised"),
    "TitleImported": ("Nhập danh hiệu có từ trước", "Earlier title imported"),
    "TitleRevoked": ("Thu hồi danh hiệu", "Title revoked"),
    "ContributionReceived": ("Nhận đóng góp", "Contribution received"),
    "ContributionReversed": ("Hoàn lại khoản đóng góp", "Contribution reversed"),
    "DisbursementPaid": ("Chi tiền", "Payment"),
    "DisbursementReversed": ("Hoàn lại khoản chi", "Payment reversed"),
    "CourseCompleted": ("Lớp hoàn thành", "Course completed"),
    "HeadcountReported": ("Báo cáo số lượt người", "Headcount reported"),
}
"""What the events behind a figure are called, by the last part of their full name."""
