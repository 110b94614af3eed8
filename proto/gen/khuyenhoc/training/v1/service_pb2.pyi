from khuyenhoc.training.v1 import events_pb2 as _events_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class GetCourseRequest(_message.Message):
    __slots__ = ("id",)
    ID_FIELD_NUMBER: _ClassVar[int]
    id: str
    def __init__(self, id: _Optional[str] = ...) -> None: ...

class HeldSession(_message.Message):
    __slots__ = ("session", "held_on")
    SESSION_FIELD_NUMBER: _ClassVar[int]
    HELD_ON_FIELD_NUMBER: _ClassVar[int]
    session: str
    held_on: str
    def __init__(self, session: _Optional[str] = ..., held_on: _Optional[str] = ...) -> None: ...

class Course(_message.Message):
    __slots__ = ("id", "version", "kind", "title", "area", "starts_on", "ends_on", "capacity", "state", "enrolled", "participants", "completed_on", "sessions", "headcount", "held")
    ID_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    AREA_FIELD_NUMBER: _ClassVar[int]
    STARTS_ON_FIELD_NUMBER: _ClassVar[int]
    ENDS_ON_FIELD_NUMBER: _ClassVar[int]
    CAPACITY_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    ENROLLED_FIELD_NUMBER: _ClassVar[int]
    PARTICIPANTS_FIELD_NUMBER: _ClassVar[int]
    COMPLETED_ON_FIELD_NUMBER: _ClassVar[int]
    SESSIONS_FIELD_NUMBER: _ClassVar[int]
    HEADCOUNT_FIELD_NUMBER: _ClassVar[int]
    HELD_FIELD_NUMBER: _ClassVar[int]
    id: str
    version: int
    kind: _events_pb2.CourseKind
    title: str
    area: str
    starts_on: str
    ends_on: str
    capacity: int
    state: str
    enrolled: int
    participants: int
    completed_on: str
    sessions: int
    headcount: bool
    held: _containers.RepeatedCompositeFieldContainer[HeldSession]
    def __init__(self, id: _Optional[str] = ..., version: _Optional[int] = ..., kind: _Optional[_Union[_events_pb2.CourseKind, str]] = ..., title: _Optional[str] = ..., area: _Optional[str] = ..., starts_on: _Optional[str] = ..., ends_on: _Optional[str] = ..., capacity: _Optional[int] = ..., state: _Optional[str] = ..., enrolled: _Optional[int] = ..., participants: _Optional[int] = ..., completed_on: _Optional[str] = ..., sessions: _Optional[int] = ..., headcount: _Optional[bool] = ..., held: _Optional[_Iterable[_Union[HeldSession, _Mapping]]] = ...) -> None: ...
