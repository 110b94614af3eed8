"""What people read for this service's codes, Vietnamese and English."""

from collections.abc import Mapping

from chassis.edge.labels import Label, Labels

from funds.domain.kind import Account, AwardState, Channel, FundKind, Movement, RecipientKind

FUND_KINDS: Mapping[str, Label] = {
    FundKind.EDUCATION_PROMOTION: Label("Quỹ Khuyến học", "Education promotion fund"),
    FundKind.SCHOLARSHIP: Label("Quỹ học bổng", "Scholarship fund"),
}

CHANNELS: Mapping[str, Label] = {
    Channel.CASH: Label("Tiền mặt", "Cash"),
    Channel.BANK: Label("Chuyển khoản", "Bank transfer"),
    Channel.IN_KIND: Label("Hiện vật", "In kind"),
}

RECIPIENT_KINDS: Mapping[str, Label] = {
    RecipientKind.PERSON: Label("Cá nhân", "Person"),
    RecipientKind.COLLECTIVE: Label("Tập thể", "Collective"),
}

STATES: Mapping[str, Label] = {
    AwardState.NOMINATED: Label("Đã đề nghị", "Nominated"),
    AwardState.APPROVED: Label("Đã duyệt", "Approved"),
    AwardState.PAID: Label("Đã chi", "Paid"),
    AwardState.REVERSED: Label("Đã hoàn lại", "Reversed"),
}

MOVEMENTS: Mapping[str, Label] = {
    Movement.BROUGHT_FORWARD: Label("Số dư đầu kỳ", "Brought forward"),
    Movement.CONTRIBUTION: Label("Đóng góp", "Contribution"),
    Movement.CONTRIBUTION_REVERSED: Label("Hoàn lại đóng góp", "Contribution reversed"),
    Movement.PAYMENT: Label("Chi khen thưởng", "Payment"),
    Movement.PAYMENT_REVERSED: Label("Hoàn lại khoản chi", "Payment reversed"),
}

ACCOUNTS: Mapping[str, Label] = {
    Account.MONEY: Label("Tiền", "Money"),
    Account.IN_KIND: Label("Hiện vật quy ra tiền", "Valued in kind"),
}

LABELS: Labels = {
    "fund_kinds": FUND_KINDS,
    "channels": CHANNELS,
    "recipient_kinds": RECIPIENT_KINDS,
    "award_states": STATES,
    "movements": MOVEMENTS,
    "accounts": ACCOUNTS,
}
