"""Statistics of funds. Amounts are integer dong."""

from reporting.catalogue.measure import Kind, Measure, Words

FUND_KINDS = ("education_promotion", "scholarship")
CHANNELS = ("cash", "bank", "in_kind")
USES = ("award",)
RECIPIENT_KINDS = ("person", "collective")

_DONG = Words("đồng", "dong")
_CONTRIBUTIONS = (
    "khuyenhoc.funds.v1.ContributionReceived",
    "khuyenhoc.funds.v1.ContributionReversed",
)
_PAYMENTS = (
    "khuyenhoc.funds.v1.DisbursementPaid",
    "khuyenhoc.funds.v1.DisbursementReversed",
)

MEASURES = (
    Measure(
        id="funds_mobilised",
        name=Words("Số tiền vận động được", "Funds mobilised"),
        kind=Kind.FLOW,
        unit=_DONG,
        dimensions=("fund_kind", "channel"),
        definition=Words(
            "Tiền mặt, tiền chuyển khoản và hiện vật quy ra tiền mà quỹ đã nhận, tính vào ngày"
            " nhận, trừ các khoản hoàn lại, tính vào ngày hoàn lại. Số tiền mới hứa ủng hộ, tiền"
            " chuyển giữa các quỹ và số dư chuyển sang từ trước không tính.",
            "Cash, bank transfers and valued gifts in kind that funds received, on the day of"
            " receipt, less what was reversed, on the day of the reversal. Pledges, transfers"
            " between funds and balances brought forward do not count.",
        ),
        source=_CONTRIBUTIONS,
    ),
    Measure(
        id="funds_spent",
        name=Words("Số tiền đã chi", "Funds spent"),
        kind=Kind.FLOW,
        unit=_DONG,
        dimensions=("fund_kind", "use"),
        definition=Words(
            "Số tiền các quỹ đã chi, tính vào ngày chi, trừ các khoản chi bị hoàn lại, tính vào"
            " ngày hoàn lại. Giải thưởng mới duyệt mà chưa chi không tính.",
            "Money paid out by funds, on the day it was paid, less payments that were reversed, on"
            " the day of the reversal. Awards approved but not yet paid do not count.",
        ),
        source=_PAYMENTS,
    ),
    Measure(
        id="awards_paid",
        name=Words("Người và tập thể được khen thưởng", "Recipients of awards"),
        kind=Kind.FLOW,
        unit=Words("suất", "recipient"),
        dimensions=("fund_kind", "recipient_kind"),
        definition=Words(
            "Số giải thưởng đã chi, mỗi giải tính một lần vào ngày chi đầu tiên, dù chi nhiều lần;"
            " một người hay một tập thể là một. Khi mọi lần chi của giải đều bị hoàn lại thì trừ đi"
            " một, vào ngày hoàn lại cuối cùng.",
            "Awards that were paid, each counted once on the day of its first payment, however many"
            " there are; a person or a collective is one. Once every payment of an award has been"
            " reversed it counts no more, from the day of the last reversal.",
        ),
        source=_PAYMENTS,
    ),
)
