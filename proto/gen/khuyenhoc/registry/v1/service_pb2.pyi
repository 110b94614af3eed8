from khuyenhoc.registry.v1 import events_pb2 as _events_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class GetSubjectRequest(_message.Message):
    __slots__ = ("id",)
    ID_FIELD_NUMBER: _ClassVar[int]
    id: str
    def __init__(self, id: _Optional[str] = ...) -> None: ...

class Subject(_message.Message):
    __slots__ = ("id", "version", "model", "area", "entered_on", "group", "kind", "sex", "head", "name", "national_id", "birth_year", "erased")
    ID_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    MODEL_FIELD_NUMBER: _ClassVar[int]
    AREA_FIELD_NUMBER: _ClassVar[int]
    ENTERED_ON_FIELD_NUMBER: _ClassVar[int]
    GROUP_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    SEX_FIELD_NUMBER: _ClassVar[int]
    HEAD_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    NATIONAL_ID_FIELD_NUMBER: _ClassVar[int]
    BIRTH_YEAR_FIELD_NUMBER: _ClassVar[int]
    ERASED_FIELD_NUMBER: _ClassVar[int]
    id: str
    version: int
    model: _events_pb2.LearningModel
    area: str
    entered_on: str
    group: str
    kind: str
    sex: str
    head: str
    name: str
    national_id: str
    birth_year: int
    erased: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, id: _Optional[str] = ..., version: _Optional[int] = ..., model: _Optional[_Union[_events_pb2.LearningModel, str]] = ..., area: _Optional[str] = ..., entered_on: _Optional[str] = ..., group: _Optional[str] = ..., kind: _Optional[str] = ..., sex: _Optional[str] = ..., head: _Optional[str] = ..., name: _Optional[str] = ..., national_id: _Optional[str] = ..., birth_year: _Optional[int] = ..., erased: _Optional[_Iterable[str]] = ...) -> None: ...

class GetCaseRequest(_message.Message):
    __slots__ = ("id",)
    ID_FIELD_NUMBER: _ClassVar[int]
    id: str
    def __init__(self, id: _Optional[str] = ...) -> None: ...

class Assessed(_message.Message):
    __slots__ = ("criteria_set", "assessed_on", "assessor", "passed", "total", "level", "reason")
    CRITERIA_SET_FIELD_NUMBER: _ClassVar[int]
    ASSESSED_ON_FIELD_NUMBER: _ClassVar[int]
    ASSESSOR_FIELD_NUMBER: _ClassVar[int]
    PASSED_FIELD_NUMBER: _ClassVar[int]
    TOTAL_FIELD_NUMBER: _ClassVar[int]
    LEVEL_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    criteria_set: str
    assessed_on: str
    assessor: str
    passed: bool
    total: float
    level: str
    reason: str
    def __init__(self, criteria_set: _Optional[str] = ..., assessed_on: _Optional[str] = ..., assessor: _Optional[str] = ..., passed: _Optional[bool] = ..., total: _Optional[float] = ..., level: _Optional[str] = ..., reason: _Optional[str] = ...) -> None: ...

class Case(_message.Message):
    __slots__ = ("id", "version", "subject", "model", "season", "area", "state", "registered_on", "group", "assisted_by", "self_assessment", "verification", "proposer", "decision", "verification_reason", "rejection_reason", "erased")
    ID_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    SUBJECT_FIELD_NUMBER: _ClassVar[int]
    MODEL_FIELD_NUMBER: _ClassVar[int]
    SEASON_FIELD_NUMBER: _ClassVar[int]
    AREA_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    REGISTERED_ON_FIELD_NUMBER: _ClassVar[int]
    GROUP_FIELD_NUMBER: _ClassVar[int]
    ASSISTED_BY_FIELD_NUMBER: _ClassVar[int]
    SELF_ASSESSMENT_FIELD_NUMBER: _ClassVar[int]
    VERIFICATION_FIELD_NUMBER: _ClassVar[int]
    PROPOSER_FIELD_NUMBER: _ClassVar[int]
    DECISION_FIELD_NUMBER: _ClassVar[int]
    VERIFICATION_REASON_FIELD_NUMBER: _ClassVar[int]
    REJECTION_REASON_FIELD_NUMBER: _ClassVar[int]
    ERASED_FIELD_NUMBER: _ClassVar[int]
    id: str
    version: int
    subject: str
    model: _events_pb2.LearningModel
    season: int
    area: str
    state: str
    registered_on: str
    group: str
    assisted_by: str
    self_assessment: Assessed
    verification: Assessed
    proposer: str
    decision: str
    verification_reason: str
    rejection_reason: str
    erased: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, id: _Optional[str] = ..., version: _Optional[int] = ..., subject: _Optional[str] = ..., model: _Optional[_Union[_events_pb2.LearningModel, str]] = ..., season: _Optional[int] = ..., area: _Optional[str] = ..., state: _Optional[str] = ..., registered_on: _Optional[str] = ..., group: _Optional[str] = ..., assisted_by: _Optional[str] = ..., self_assessment: _Optional[_Union[Assessed, _Mapping]] = ..., verification: _Optional[_Union[Assessed, _Mapping]] = ..., proposer: _Optional[str] = ..., decision: _Optional[str] = ..., verification_reason: _Optional[str] = ..., rejection_reason: _Optional[str] = ..., erased: _Optional[_Iterable[str]] = ...) -> None: ...

class GetHoldingRequest(_message.Message):
    __slots__ = ("id",)
    ID_FIELD_NUMBER: _ClassVar[int]
    id: str
    def __init__(self, id: _Optional[str] = ...) -> None: ...

class TitleHolding(_message.Message):
    __slots__ = ("id", "version", "subject", "model", "titles", "revoked_on", "ground", "erased")
    ID_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    SUBJECT_FIELD_NUMBER: _ClassVar[int]
    MODEL_FIELD_NUMBER: _ClassVar[int]
    TITLES_FIELD_NUMBER: _ClassVar[int]
    REVOKED_ON_FIELD_NUMBER: _ClassVar[int]
    GROUND_FIELD_NUMBER: _ClassVar[int]
    ERASED_FIELD_NUMBER: _ClassVar[int]
    id: str
    version: int
    subject: str
    model: _events_pb2.LearningModel
    titles: _containers.RepeatedCompositeFieldContainer[_events_pb2.Holding]
    revoked_on: str
    ground: str
    erased: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, id: _Optional[str] = ..., version: _Optional[int] = ..., subject: _Optional[str] = ..., model: _Optional[_Union[_events_pb2.LearningModel, str]] = ..., titles: _Optional[_Iterable[_Union[_events_pb2.Holding, _Mapping]]] = ..., revoked_on: _Optional[str] = ..., ground: _Optional[str] = ..., erased: _Optional[_Iterable[str]] = ...) -> None: ...
