from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class FundKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    FUND_KIND_UNSPECIFIED: _ClassVar[FundKind]
    education_promotion: _ClassVar[FundKind]
    scholarship: _ClassVar[FundKind]

class Channel(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CHANNEL_UNSPECIFIED: _ClassVar[Channel]
    cash: _ClassVar[Channel]
    bank: _ClassVar[Channel]
    in_kind: _ClassVar[Channel]

class RecipientKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    RECIPIENT_KIND_UNSPECIFIED: _ClassVar[RecipientKind]
    person: _ClassVar[RecipientKind]
    collective: _ClassVar[RecipientKind]
FUND_KIND_UNSPECIFIED: FundKind
education_promotion: FundKind
scholarship: FundKind
CHANNEL_UNSPECIFIED: Channel
cash: Channel
bank: Channel
in_kind: Channel
RECIPIENT_KIND_UNSPECIFIED: RecipientKind
person: RecipientKind
collective: RecipientKind

class FundOpened(_message.Message):
    __slots__ = ("fund", "fund_kind", "area", "opened_on")
    FUND_FIELD_NUMBER: _ClassVar[int]
    FUND_KIND_FIELD_NUMBER: _ClassVar[int]
    AREA_FIELD_NUMBER: _ClassVar[int]
    OPENED_ON_FIELD_NUMBER: _ClassVar[int]
    fund: str
    fund_kind: FundKind
    area: str
    opened_on: str
    def __init__(self, fund: _Optional[str] = ..., fund_kind: _Optional[_Union[FundKind, str]] = ..., area: _Optional[str] = ..., opened_on: _Optional[str] = ...) -> None: ...

class BalanceBroughtForward(_message.Message):
    __slots__ = ("fund", "fund_kind", "area", "amount", "as_of")
    FUND_FIELD_NUMBER: _ClassVar[int]
    FUND_KIND_FIELD_NUMBER: _ClassVar[int]
    AREA_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    AS_OF_FIELD_NUMBER: _ClassVar[int]
    fund: str
    fund_kind: FundKind
    area: str
    amount: int
    as_of: str
    def __init__(self, fund: _Optional[str] = ..., fund_kind: _Optional[_Union[FundKind, str]] = ..., area: _Optional[str] = ..., amount: _Optional[int] = ..., as_of: _Optional[str] = ...) -> None: ...

class ContributionReceived(_message.Message):
    __slots__ = ("contribution", "fund", "fund_kind", "area", "amount", "channel", "received_on")
    CONTRIBUTION_FIELD_NUMBER: _ClassVar[int]
    FUND_FIELD_NUMBER: _ClassVar[int]
    FUND_KIND_FIELD_NUMBER: _ClassVar[int]
    AREA_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    RECEIVED_ON_FIELD_NUMBER: _ClassVar[int]
    contribution: str
    fund: str
    fund_kind: FundKind
    area: str
    amount: int
    channel: Channel
    received_on: str
    def __init__(self, contribution: _Optional[str] = ..., fund: _Optional[str] = ..., fund_kind: _Optional[_Union[FundKind, str]] = ..., area: _Optional[str] = ..., amount: _Optional[int] = ..., channel: _Optional[_Union[Channel, str]] = ..., received_on: _Optional[str] = ...) -> None: ...

class ContributionReversed(_message.Message):
    __slots__ = ("contribution", "fund", "fund_kind", "area", "amount", "channel", "reversed_on")
    CONTRIBUTION_FIELD_NUMBER: _ClassVar[int]
    FUND_FIELD_NUMBER: _ClassVar[int]
    FUND_KIND_FIELD_NUMBER: _ClassVar[int]
    AREA_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    REVERSED_ON_FIELD_NUMBER: _ClassVar[int]
    contribution: str
    fund: str
    fund_kind: FundKind
    area: str
    amount: int
    channel: Channel
    reversed_on: str
    def __init__(self, contribution: _Optional[str] = ..., fund: _Optional[str] = ..., fund_kind: _Optional[_Union[FundKind, str]] = ..., area: _Optional[str] = ..., amount: _Optional[int] = ..., channel: _Optional[_Union[Channel, str]] = ..., reversed_on: _Optional[str] = ...) -> None: ...

class NomineeSubmitted(_message.Message):
    __slots__ = ("award", "fund", "fund_kind", "area", "amount", "recipient_kind", "nominated_on")
    AWARD_FIELD_NUMBER: _ClassVar[int]
    FUND_FIELD_NUMBER: _ClassVar[int]
    FUND_KIND_FIELD_NUMBER: _ClassVar[int]
    AREA_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    RECIPIENT_KIND_FIELD_NUMBER: _ClassVar[int]
    NOMINATED_ON_FIELD_NUMBER: _ClassVar[int]
    award: str
    fund: str
    fund_kind: FundKind
    area: str
    amount: int
    recipient_kind: RecipientKind
    nominated_on: str
    def __init__(self, award: _Optional[str] = ..., fund: _Optional[str] = ..., fund_kind: _Optional[_Union[FundKind, str]] = ..., area: _Optional[str] = ..., amount: _Optional[int] = ..., recipient_kind: _Optional[_Union[RecipientKind, str]] = ..., nominated_on: _Optional[str] = ...) -> None: ...

class AwardApproved(_message.Message):
    __slots__ = ("award", "fund", "fund_kind", "area", "amount", "recipient_kind", "approved_on")
    AWARD_FIELD_NUMBER: _ClassVar[int]
    FUND_FIELD_NUMBER: _ClassVar[int]
    FUND_KIND_FIELD_NUMBER: _ClassVar[int]
    AREA_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    RECIPIENT_KIND_FIELD_NUMBER: _ClassVar[int]
    APPROVED_ON_FIELD_NUMBER: _ClassVar[int]
    award: str
    fund: str
    fund_kind: FundKind
    area: str
    amount: int
    recipient_kind: RecipientKind
    approved_on: str
    def __init__(self, award: _Optional[str] = ..., fund: _Optional[str] = ..., fund_kind: _Optional[_Union[FundKind, str]] = ..., area: _Optional[str] = ..., amount: _Optional[int] = ..., recipient_kind: _Optional[_Union[RecipientKind, str]] = ..., approved_on: _Optional[str] = ...) -> None: ...

class DisbursementPaid(_message.Message):
    __slots__ = ("award", "payment", "fund", "fund_kind", "area", "amount", "recipient_kind", "use", "first", "paid_on")
    AWARD_FIELD_NUMBER: _ClassVar[int]
    PAYMENT_FIELD_NUMBER: _ClassVar[int]
    FUND_FIELD_NUMBER: _ClassVar[int]
    FUND_KIND_FIELD_NUMBER: _ClassVar[int]
    AREA_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    RECIPIENT_KIND_FIELD_NUMBER: _ClassVar[int]
    USE_FIELD_NUMBER: _ClassVar[int]
    FIRST_FIELD_NUMBER: _ClassVar[int]
    PAID_ON_FIELD_NUMBER: _ClassVar[int]
    award: str
    payment: str
    fund: str
    fund_kind: FundKind
    area: str
    amount: int
    recipient_kind: RecipientKind
    use: str
    first: bool
    paid_on: str
    def __init__(self, award: _Optional[str] = ..., payment: _Optional[str] = ..., fund: _Optional[str] = ..., fund_kind: _Optional[_Union[FundKind, str]] = ..., area: _Optional[str] = ..., amount: _Optional[int] = ..., recipient_kind: _Optional[_Union[RecipientKind, str]] = ..., use: _Optional[str] = ..., first: _Optional[bool] = ..., paid_on: _Optional[str] = ...) -> None: ...

class DisbursementReversed(_message.Message):
    __slots__ = ("award", "payment", "fund", "fund_kind", "area", "amount", "recipient_kind", "use", "last", "reversed_on")
    AWARD_FIELD_NUMBER: _ClassVar[int]
    PAYMENT_FIELD_NUMBER: _ClassVar[int]
    FUND_FIELD_NUMBER: _ClassVar[int]
    FUND_KIND_FIELD_NUMBER: _ClassVar[int]
    AREA_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    RECIPIENT_KIND_FIELD_NUMBER: _ClassVar[int]
    USE_FIELD_NUMBER: _ClassVar[int]
    LAST_FIELD_NUMBER: _ClassVar[int]
    REVERSED_ON_FIELD_NUMBER: _ClassVar[int]
    award: str
    payment: str
    fund: str
    fund_kind: FundKind
    area: str
    amount: int
    recipient_kind: RecipientKind
    use: str
    last: bool
    reversed_on: str
    def __init__(self, award: _Optional[str] = ..., payment: _Optional[str] = ..., fund: _Optional[str] = ..., fund_kind: _Optional[_Union[FundKind, str]] = ..., area: _Optional[str] = ..., amount: _Optional[int] = ..., recipient_kind: _Optional[_Union[RecipientKind, str]] = ..., use: _Optional[str] = ..., last: _Optional[bool] = ..., reversed_on: _Optional[str] = ...) -> None: ...
