from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class LearningModel(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    LEARNING_MODEL_UNSPECIFIED: _ClassVar[LearningModel]
    citizen: _ClassVar[LearningModel]
    family: _ClassVar[LearningModel]
    clan: _ClassVar[LearningModel]
    community: _ClassVar[LearningModel]
    unit: _ClassVar[LearningModel]
LEARNING_MODEL_UNSPECIFIED: LearningModel
citizen: LearningModel
family: LearningModel
clan: LearningModel
community: LearningModel
unit: LearningModel

class AreaOpened(_message.Message):
    __slots__ = ("area", "name", "kind", "opened_on", "parent")
    AREA_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    OPENED_ON_FIELD_NUMBER: _ClassVar[int]
    PARENT_FIELD_NUMBER: _ClassVar[int]
    area: str
    name: str
    kind: str
    opened_on: str
    parent: str
    def __init__(self, area: _Optional[str] = ..., name: _Optional[str] = ..., kind: _Optional[str] = ..., opened_on: _Optional[str] = ..., parent: _Optional[str] = ...) -> None: ...

class AreaClosed(_message.Message):
    __slots__ = ("area", "closed_on")
    AREA_FIELD_NUMBER: _ClassVar[int]
    CLOSED_ON_FIELD_NUMBER: _ClassVar[int]
    area: str
    closed_on: str
    def __init__(self, area: _Optional[str] = ..., closed_on: _Optional[str] = ...) -> None: ...

class AreaSucceeded(_message.Message):
    __slots__ = ("area", "successor", "succeeded_on")
    AREA_FIELD_NUMBER: _ClassVar[int]
    SUCCESSOR_FIELD_NUMBER: _ClassVar[int]
    SUCCEEDED_ON_FIELD_NUMBER: _ClassVar[int]
    area: str
    successor: str
    succeeded_on: str
    def __init__(self, area: _Optional[str] = ..., successor: _Optional[str] = ..., succeeded_on: _Optional[str] = ...) -> None: ...

class VillageOpened(_message.Message):
    __slots__ = ("village", "name", "commune", "opened_on")
    VILLAGE_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    COMMUNE_FIELD_NUMBER: _ClassVar[int]
    OPENED_ON_FIELD_NUMBER: _ClassVar[int]
    village: str
    name: str
    commune: str
    opened_on: str
    def __init__(self, village: _Optional[str] = ..., name: _Optional[str] = ..., commune: _Optional[str] = ..., opened_on: _Optional[str] = ...) -> None: ...

class SubjectEntered(_message.Message):
    __slots__ = ("subject", "model", "area", "entered_on", "group")
    SUBJECT_FIELD_NUMBER: _ClassVar[int]
    MODEL_FIELD_NUMBER: _ClassVar[int]
    AREA_FIELD_NUMBER: _ClassVar[int]
    ENTERED_ON_FIELD_NUMBER: _ClassVar[int]
    GROUP_FIELD_NUMBER: _ClassVar[int]
    subject: str
    model: LearningModel
    area: str
    entered_on: str
    group: str
    def __init__(self, subject: _Optional[str] = ..., model: _Optional[_Union[LearningModel, str]] = ..., area: _Optional[str] = ..., entered_on: _Optional[str] = ..., group: _Optional[str] = ...) -> None: ...

class SubjectErased(_message.Message):
    __slots__ = ("subject",)
    SUBJECT_FIELD_NUMBER: _ClassVar[int]
    subject: str
    def __init__(self, subject: _Optional[str] = ...) -> None: ...

class TitleRegistered(_message.Message):
    __slots__ = ("case", "subject", "model", "area", "season", "registered_on")
    CASE_FIELD_NUMBER: _ClassVar[int]
    SUBJECT_FIELD_NUMBER: _ClassVar[int]
    MODEL_FIELD_NUMBER: _ClassVar[int]
    AREA_FIELD_NUMBER: _ClassVar[int]
    SEASON_FIELD_NUMBER: _ClassVar[int]
    REGISTERED_ON_FIELD_NUMBER: _ClassVar[int]
    case: str
    subject: str
    model: LearningModel
    area: str
    season: int
    registered_on: str
    def __init__(self, case: _Optional[str] = ..., subject: _Optional[str] = ..., model: _Optional[_Union[LearningModel, str]] = ..., area: _Optional[str] = ..., season: _Optional[int] = ..., registered_on: _Optional[str] = ...) -> None: ...

class RegistrationWithdrawn(_message.Message):
    __slots__ = ("case", "subject", "model", "area", "season", "withdrawn_on")
    CASE_FIELD_NUMBER: _ClassVar[int]
    SUBJECT_FIELD_NUMBER: _ClassVar[int]
    MODEL_FIELD_NUMBER: _ClassVar[int]
    AREA_FIELD_NUMBER: _ClassVar[int]
    SEASON_FIELD_NUMBER: _ClassVar[int]
    WITHDRAWN_ON_FIELD_NUMBER: _ClassVar[int]
    case: str
    subject: str
    model: LearningModel
    area: str
    season: int
    withdrawn_on: str
    def __init__(self, case: _Optional[str] = ..., subject: _Optional[str] = ..., model: _Optional[_Union[LearningModel, str]] = ..., area: _Optional[str] = ..., season: _Optional[int] = ..., withdrawn_on: _Optional[str] = ...) -> None: ...

class SelfAssessmentSubmitted(_message.Message):
    __slots__ = ("case", "subject", "model", "area", "season", "assessed_on", "criteria_set", "passed")
    CASE_FIELD_NUMBER: _ClassVar[int]
    SUBJECT_FIELD_NUMBER: _ClassVar[int]
    MODEL_FIELD_NUMBER: _ClassVar[int]
    AREA_FIELD_NUMBER: _ClassVar[int]
    SEASON_FIELD_NUMBER: _ClassVar[int]
    ASSESSED_ON_FIELD_NUMBER: _ClassVar[int]
    CRITERIA_SET_FIELD_NUMBER: _ClassVar[int]
    PASSED_FIELD_NUMBER: _ClassVar[int]
    case: str
    subject: str
    model: LearningModel
    area: str
    season: int
    assessed_on: str
    criteria_set: str
    passed: bool
    def __init__(self, case: _Optional[str] = ..., subject: _Optional[str] = ..., model: _Optional[_Union[LearningModel, str]] = ..., area: _Optional[str] = ..., season: _Optional[int] = ..., assessed_on: _Optional[str] = ..., criteria_set: _Optional[str] = ..., passed: _Optional[bool] = ...) -> None: ...

class VerificationCompleted(_message.Message):
    __slots__ = ("case", "subject", "model", "area", "season", "assessed_on", "criteria_set", "passed")
    CASE_FIELD_NUMBER: _ClassVar[int]
    SUBJECT_FIELD_NUMBER: _ClassVar[int]
    MODEL_FIELD_NUMBER: _ClassVar[int]
    AREA_FIELD_NUMBER: _ClassVar[int]
    SEASON_FIELD_NUMBER: _ClassVar[int]
    ASSESSED_ON_FIELD_NUMBER: _ClassVar[int]
    CRITERIA_SET_FIELD_NUMBER: _ClassVar[int]
    PASSED_FIELD_NUMBER: _ClassVar[int]
    case: str
    subject: str
    model: LearningModel
    area: str
    season: int
    assessed_on: str
    criteria_set: str
    passed: bool
    def __init__(self, case: _Optional[str] = ..., subject: _Optional[str] = ..., model: _Optional[_Union[LearningModel, str]] = ..., area: _Optional[str] = ..., season: _Optional[int] = ..., assessed_on: _Optional[str] = ..., criteria_set: _Optional[str] = ..., passed: _Optional[bool] = ...) -> None: ...

class CaseProposed(_message.Message):
    __slots__ = ("case", "subject", "model", "area", "season", "proposed_on")
    CASE_FIELD_NUMBER: _ClassVar[int]
    SUBJECT_FIELD_NUMBER: _ClassVar[int]
    MODEL_FIELD_NUMBER: _ClassVar[int]
    AREA_FIELD_NUMBER: _ClassVar[int]
    SEASON_FIELD_NUMBER: _ClassVar[int]
    PROPOSED_ON_FIELD_NUMBER: _ClassVar[int]
    case: str
    subject: str
    model: LearningModel
    area: str
    season: int
    proposed_on: str
    def __init__(self, case: _Optional[str] = ..., subject: _Optional[str] = ..., model: _Optional[_Union[LearningModel, str]] = ..., area: _Optional[str] = ..., season: _Optional[int] = ..., proposed_on: _Optional[str] = ...) -> None: ...

class CaseRejected(_message.Message):
    __slots__ = ("case", "subject", "model", "area", "season", "rejected_on")
    CASE_FIELD_NUMBER: _ClassVar[int]
    SUBJECT_FIELD_NUMBER: _ClassVar[int]
    MODEL_FIELD_NUMBER: _ClassVar[int]
    AREA_FIELD_NUMBER: _ClassVar[int]
    SEASON_FIELD_NUMBER: _ClassVar[int]
    REJECTED_ON_FIELD_NUMBER: _ClassVar[int]
    case: str
    subject: str
    model: LearningModel
    area: str
    season: int
    rejected_on: str
    def __init__(self, case: _Optional[str] = ..., subject: _Optional[str] = ..., model: _Optional[_Union[LearningModel, str]] = ..., area: _Optional[str] = ..., season: _Optional[int] = ..., rejected_on: _Optional[str] = ...) -> None: ...

class DecisionIssued(_message.Message):
    __slots__ = ("decision", "office", "number", "year", "model", "season", "decided_on", "effective_on", "cases", "list_hash")
    DECISION_FIELD_NUMBER: _ClassVar[int]
    OFFICE_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    YEAR_FIELD_NUMBER: _ClassVar[int]
    MODEL_FIELD_NUMBER: _ClassVar[int]
    SEASON_FIELD_NUMBER: _ClassVar[int]
    DECIDED_ON_FIELD_NUMBER: _ClassVar[int]
    EFFECTIVE_ON_FIELD_NUMBER: _ClassVar[int]
    CASES_FIELD_NUMBER: _ClassVar[int]
    LIST_HASH_FIELD_NUMBER: _ClassVar[int]
    decision: str
    office: str
    number: str
    year: int
    model: LearningModel
    season: int
    decided_on: str
    effective_on: str
    cases: int
    list_hash: str
    def __init__(self, decision: _Optional[str] = ..., office: _Optional[str] = ..., number: _Optional[str] = ..., year: _Optional[int] = ..., model: _Optional[_Union[LearningModel, str]] = ..., season: _Optional[int] = ..., decided_on: _Optional[str] = ..., effective_on: _Optional[str] = ..., cases: _Optional[int] = ..., list_hash: _Optional[str] = ...) -> None: ...

class CaseLeftOut(_message.Message):
    __slots__ = ("decision", "case", "state")
    DECISION_FIELD_NUMBER: _ClassVar[int]
    CASE_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    decision: str
    case: str
    state: str
    def __init__(self, decision: _Optional[str] = ..., case: _Optional[str] = ..., state: _Optional[str] = ...) -> None: ...

class Holding(_message.Message):
    __slots__ = ("area", "season", "group", "level", "valid_from", "valid_until")
    AREA_FIELD_NUMBER: _ClassVar[int]
    SEASON_FIELD_NUMBER: _ClassVar[int]
    GROUP_FIELD_NUMBER: _ClassVar[int]
    LEVEL_FIELD_NUMBER: _ClassVar[int]
    VALID_FROM_FIELD_NUMBER: _ClassVar[int]
    VALID_UNTIL_FIELD_NUMBER: _ClassVar[int]
    area: str
    season: int
    group: str
    level: str
    valid_from: str
    valid_until: str
    def __init__(self, area: _Optional[str] = ..., season: _Optional[int] = ..., group: _Optional[str] = ..., level: _Optional[str] = ..., valid_from: _Optional[str] = ..., valid_until: _Optional[str] = ...) -> None: ...

class TitleRecognised(_message.Message):
    __slots__ = ("holding", "subject", "model", "case", "decision", "renewal", "effective_on", "before", "after")
    HOLDING_FIELD_NUMBER: _ClassVar[int]
    SUBJECT_FIELD_NUMBER: _ClassVar[int]
    MODEL_FIELD_NUMBER: _ClassVar[int]
    CASE_FIELD_NUMBER: _ClassVar[int]
    DECISION_FIELD_NUMBER: _ClassVar[int]
    RENEWAL_FIELD_NUMBER: _ClassVar[int]
    EFFECTIVE_ON_FIELD_NUMBER: _ClassVar[int]
    BEFORE_FIELD_NUMBER: _ClassVar[int]
    AFTER_FIELD_NUMBER: _ClassVar[int]
    holding: str
    subject: str
    model: LearningModel
    case: str
    decision: str
    renewal: bool
    effective_on: str
    before: Holding
    after: Holding
    def __init__(self, holding: _Optional[str] = ..., subject: _Optional[str] = ..., model: _Optional[_Union[LearningModel, str]] = ..., case: _Optional[str] = ..., decision: _Optional[str] = ..., renewal: _Optional[bool] = ..., effective_on: _Optional[str] = ..., before: _Optional[_Union[Holding, _Mapping]] = ..., after: _Optional[_Union[Holding, _Mapping]] = ...) -> None: ...

class TitleImported(_message.Message):
    __slots__ = ("holding", "subject", "model", "before", "after")
    HOLDING_FIELD_NUMBER: _ClassVar[int]
    SUBJECT_FIELD_NUMBER: _ClassVar[int]
    MODEL_FIELD_NUMBER: _ClassVar[int]
    BEFORE_FIELD_NUMBER: _ClassVar[int]
    AFTER_FIELD_NUMBER: _ClassVar[int]
    holding: str
    subject: str
    model: LearningModel
    before: Holding
    after: Holding
    def __init__(self, holding: _Optional[str] = ..., subject: _Optional[str] = ..., model: _Optional[_Union[LearningModel, str]] = ..., before: _Optional[_Union[Holding, _Mapping]] = ..., after: _Optional[_Union[Holding, _Mapping]] = ...) -> None: ...

class TitleRevoked(_message.Message):
    __slots__ = ("holding", "subject", "model", "revoked_on", "before", "after")
    HOLDING_FIELD_NUMBER: _ClassVar[int]
    SUBJECT_FIELD_NUMBER: _ClassVar[int]
    MODEL_FIELD_NUMBER: _ClassVar[int]
    REVOKED_ON_FIELD_NUMBER: _ClassVar[int]
    BEFORE_FIELD_NUMBER: _ClassVar[int]
    AFTER_FIELD_NUMBER: _ClassVar[int]
    holding: str
    subject: str
    model: LearningModel
    revoked_on: str
    before: Holding
    after: Holding
    def __init__(self, holding: _Optional[str] = ..., subject: _Optional[str] = ..., model: _Optional[_Union[LearningModel, str]] = ..., revoked_on: _Optional[str] = ..., before: _Optional[_Union[Holding, _Mapping]] = ..., after: _Optional[_Union[Holding, _Mapping]] = ...) -> None: ...
