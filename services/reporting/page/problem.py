"""Refusals as a page, in the reader's language: what is wrong, how to write it, the way back."""

from collections.abc import Mapping

from chassis.errors import Fault, Refusal

from reporting.measures import Words
from reporting.page.addresses import Address
from reporting.page.formats import Language

_SAID: Mapping[str, Words] = {
    "?as_of": Words(
        "“{value}” không dùng được làm ngày tính đến. Viết một ngày có trong lịch, như 2025-10-15.",
        "“{value}” cannot be the day to count to. Write a day of the calendar, such as 2025-10-15.",
    ),
    "?map_date": Words(
        "“{value}” không dùng được làm ngày của bản đồ. Viết một ngày có trong lịch, như"
        " 2025-10-15.",
        "“{value}” cannot be the day of a map. Write a day of the calendar, such as 2025-10-15.",
    ),
    "?known_at": Words(
        "“{value}” không phải là ngày hay thời điểm. Viết như 2025-10-20, hoặc chính xác đến giây"
        " như 2025-10-20T09:00:00Z.",
        "“{value}” is neither a day nor an instant. Write it as 2025-10-20, or to the second as"
        " 2025-10-20T09:00:00Z.",
    ),
    "?area": Words(
        "“{value}” không phải là một nơi có trên bản đồ ngày đã chọn. Chọn một xã, phường trong"
        " danh sách, hoặc viết mã như 03763.",
        "“{value}” is not a place of the map of the chosen day. Choose a commune or ward from the"
        " list, or write its code, such as 03763.",
    ),
    "?period": Words(
        "“{value}” không phải là một khoảng thời gian. Viết như 2025, 2025-Q4, 2025-10 hoặc"
        " 2024-01-01..2025-10-15.",
        "“{value}” is not a period. Write it as 2025, 2025-Q4, 2025-10 or 2024-01-01..2025-10-15.",
    ),
    "?measure": Words(
        "Trang này không có số đo “{value}”.",
        "This page does not show a measure “{value}”.",
    ),
    "?kind": Words(
        "Số đo này không có loại lớp “{value}”.",
        "This measure has no kind of course “{value}”.",
    ),
    "?model": Words(
        "Số đo này không có mô hình “{value}”.",
        "This measure has no model “{value}”.",
    ),
    "?base_kind": Words(
        "Không có tỷ lệ tính trên “{value}”.",
        "There is no rate over “{value}”.",
    ),
    "?fund_kind": Words(
        "Số đo này không có loại quỹ “{value}”.",
        "This measure has no kind of fund “{value}”.",
    ),
    "?sort": Words(
        "Bảng không sắp xếp được theo “{value}”.",
        "The table cannot be sorted by “{value}”.",
    ),
    "unauthenticated": Words(
        "Ai cũng xem được tổng của từng xã, phường. Số liệu chi tiết hơn chỉ dành cho người đã đăng"
        " nhập.",
        "Everybody may see the total of each commune and ward. Finer figures are for people who"
        " have signed in.",
    ),
    "sign-in": Words(
        "Đăng nhập không thành công. Hãy thử lại.",
        "Signing in did not succeed. Please try again.",
    ),
    "not-found": Words(
        "Không có trang nào ở địa chỉ này.",
        "There is no page at this address.",
    ),
    "busy": Words(
        "Lúc này chưa lấy được số liệu. Không mất gì cả: hãy mở lại trang sau vài giây.",
        "The figures cannot be had just now. Nothing is lost: open the page again in a few"
        " seconds.",
    ),
    "internal": Words(
        "Lỗi ở phía chúng tôi, không phải ở bạn. Khi báo lỗi, xin gửi kèm dòng dưới đây.",
        "The fault is ours, not yours. When you report it, please send the line below.",
    ),
    "invalid": Words(
        "Địa chỉ này có chỗ không dùng được.",
        "Something in this address cannot be used.",
    ),
}


def sentences(refusal: Refusal, language: Language) -> tuple[str, ...]:
    """What is said to the reader, one sentence or two for each wrong place."""
    said = tuple(_of(fault, language) for fault in refusal.faults if fault.pointer in _SAID)
    return said or (_pick(refusal.code, language),)


def way_back(refusal: Refusal, address: Address) -> str:
    """The same view without what was wrong in it; the plain report where that is unknown."""
    wrong: dict[str, None] = {
        f.pointer[1:]: None for f in refusal.faults if f.pointer.startswith("?")
    }
    if refusal.code == "unauthenticated":
        wrong = {"kind": None}
    if not wrong:
        return address.plain()
    return address.to(**wrong)


def _of(fault: Fault, language: Language) -> str:
    return _pick(fault.pointer, language).format(value="" if fault.value is None else fault.value)


def _pick(key: str, language: Language) -> str:
    words = _SAID.get(key, _SAID["invalid"])
    return words.en if language == "en" else words.vi
