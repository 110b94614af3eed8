import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from khuyenhoc.funds.v1 import events_pb2 as _events_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class GetFundRequest(_message.Message):
    __slots__ = ("id", "as_of", "known_at")
    ID_FIELD_NUMBER: _ClassVar[int]
    AS_OF_FIELD_NUMBER: _ClassVar[int]
    KNOWN_AT_FIELD_NUMBER: _ClassVar[int]
    id: str
    as_of: str
    known_at: str
    def __init__(self, id: _Optional[str] = ..., as_of: _Optional[str] = ..., known_at: _Optional[str] = ...) -> None: ...

class EarmarkBalance(_message.Message):
    __slots__ = ("earmark", "balance")
    EARMARK_FIELD_NUMBER: _ClassVar[int]
    BALANCE_FIELD_NUMBER: _ClassVar[int]
    earmark: str
    balance: int
    def __init__(self, earmark: _Optional[str] = ..., balance: _Optional[int] = ...) -> None: ...

class Fund(_message.Message):
    __slots__ = ("id", "version", "name", "kind", "area", "opened_on", "balance", "unearmarked", "earmarks", "in_kind", "below_zero", "position", "as_of", "known_at")
    ID_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    AREA_FIELD_NUMBER: _ClassVar[int]
    OPENED_ON_FIELD_NUMBER: _ClassVar[int]
    BALANCE_FIELD_NUMBER: _ClassVar[int]
    UNEARMARKED_FIELD_NUMBER: _ClassVar[int]
    EARMARKS_FIELD_NUMBER: _ClassVar[int]
    IN_KIND_FIELD_NUMBER: _ClassVar[int]
    BELOW_ZERO_FIELD_NUMBER: _ClassVar[int]
    POSITION_FIELD_NUMBER: _ClassVar[int]
    AS_OF_FIELD_NUMBER: _ClassVar[int]
    KNOWN_AT_FIELD_NUMBER: _ClassVar[int]
    id: str
    version: int
    name: str
    kind: _events_pb2.FundKind
    area: str
    opened_on: str
    balance: int
    unearmarked: int
    earmarks: _containers.RepeatedCompositeFieldContainer[EarmarkBalance]
    in_kind: int
    below_zero: bool
    position: int
    as_of: str
    known_at: _timestamp_pb2.Timestamp
    def __init__(self, id: _Optional[str] = ..., version: _Optional[int] = ..., name: _Optional[str] = ..., kind: _Optional[_Union[_events_pb2.FundKind, str]] = ..., area: _Optional[str] = ..., opened_on: _Optional[str] = ..., balance: _Optional[int] = ..., unearmarked: _Optional[int] = ..., earmarks: _Optional[_Iterable[_Union[EarmarkBalance, _Mapping]]] = ..., in_kind: _Optional[int] = ..., below_zero: _Optional[bool] = ..., position: _Optional[int] = ..., as_of: _Optional[str] = ..., known_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class GetAwardRequest(_message.Message):
    __slots__ = ("id",)
    ID_FIELD_NUMBER: _ClassVar[int]
    id: str
    def __init__(self, id: _Optional[str] = ...) -> None: ...

class Beneficiary(_message.Message):
    __slots__ = ("kind", "subject", "name")
    KIND_FIELD_NUMBER: _ClassVar[int]
    SUBJECT_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    kind: _events_pb2.RecipientKind
    subject: str
    name: str
    def __init__(self, kind: _Optional[_Union[_events_pb2.RecipientKind, str]] = ..., subject: _Optional[str] = ..., name: _Optional[str] = ...) -> None: ...

class Payment(_message.Message):
    __slots__ = ("payment", "amount", "channel", "paid_on", "reversed_on", "reason")
    PAYMENT_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    PAID_ON_FIELD_NUMBER: _ClassVar[int]
    REVERSED_ON_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    payment: str
    amount: int
    channel: _events_pb2.Channel
    paid_on: str
    reversed_on: str
    reason: str
    def __init__(self, payment: _Optional[str] = ..., amount: _Optional[int] = ..., channel: _Optional[_Union[_events_pb2.Channel, str]] = ..., paid_on: _Optional[str] = ..., reversed_on: _Optional[str] = ..., reason: _Optional[str] = ...) -> None: ...

class Award(_message.Message):
    __slots__ = ("id", "version", "fund", "kind", "area", "recipient_kind", "amount", "earmark", "nominated_on", "state", "approved", "paid", "beneficiary", "reason", "approved_on", "payments", "erased")
    ID_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    FUND_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    AREA_FIELD_NUMBER: _ClassVar[int]
    RECIPIENT_KIND_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    EARMARK_FIELD_NUMBER: _ClassVar[int]
    NOMINATED_ON_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    APPROVED_FIELD_NUMBER: _ClassVar[int]
    PAID_FIELD_NUMBER: _ClassVar[int]
    BENEFICIARY_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    APPROVED_ON_FIELD_NUMBER: _ClassVar[int]
    PAYMENTS_FIELD_NUMBER: _ClassVar[int]
    ERASED_FIELD_NUMBER: _ClassVar[int]
    id: str
    version: int
    fund: str
    kind: _events_pb2.FundKind
    area: str
    recipient_kind: _events_pb2.RecipientKind
    amount: int
    earmark: str
    nominated_on: str
    state: str
    approved: int
    paid: int
    beneficiary: Beneficiary
    reason: str
    approved_on: str
    payments: _containers.RepeatedCompositeFieldContainer[Payment]
    erased: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, id: _Optional[str] = ..., version: _Optional[int] = ..., fund: _Optional[str] = ..., kind: _Optional[_Union[_events_pb2.FundKind, str]] = ..., area: _Optional[str] = ..., recipient_kind: _Optional[_Union[_events_pb2.RecipientKind, str]] = ..., amount: _Optional[int] = ..., earmark: _Optional[str] = ..., nominated_on: _Optional[str] = ..., state: _Optional[str] = ..., approved: _Optional[int] = ..., paid: _Optional[int] = ..., beneficiary: _Optional[_Union[Beneficiary, _Mapping]] = ..., reason: _Optional[str] = ..., approved_on: _Optional[str] = ..., payments: _Optional[_Iterable[_Union[Payment, _Mapping]]] = ..., erased: _Optional[_Iterable[str]] = ...) -> None: ...
