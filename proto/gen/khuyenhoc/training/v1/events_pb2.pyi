from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class CourseKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    COURSE_KIND_UNSPECIFIED: _ClassVar[CourseKind]
    PROFESSIONAL_TRAINING: _ClassVar[CourseKind]
    TECH_TRANSFER: _ClassVar[CourseKind]
    LITERACY: _ClassVar[CourseKind]
    IT_SKILLS: _ClassVar[CourseKind]
    LAW_POLICY: _ClassVar[CourseKind]
    CULTURE: _ClassVar[CourseKind]
    LANGUAGE: _ClassVar[CourseKind]
    SEMINAR: _ClassVar[CourseKind]
    CONTEST: _ClassVar[CourseKind]
COURSE_KIND_UNSPECIFIED: CourseKind
PROFESSIONAL_TRAINING: CourseKind
TECH_TRANSFER: CourseKind
LITERACY: CourseKind
IT_SKILLS: CourseKind
LAW_POLICY: CourseKind
CULTURE: CourseKind
LANGUAGE: CourseKind
SEMINAR: CourseKind
CONTEST: CourseKind

class CoursePlanned(_message.Message):
    __slots__ = ("course", "kind", "area", "starts_on", "ends_on", "capacity", "planned_on")
    COURSE_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    AREA_FIELD_NUMBER: _ClassVar[int]
    STARTS_ON_FIELD_NUMBER: _ClassVar[int]
    ENDS_ON_FIELD_NUMBER: _ClassVar[int]
    CAPACITY_FIELD_NUMBER: _ClassVar[int]
    PLANNED_ON_FIELD_NUMBER: _ClassVar[int]
    course: str
    kind: CourseKind
    area: str
    starts_on: str
    ends_on: str
    capacity: int
    planned_on: str
    def __init__(self, course: _Optional[str] = ..., kind: _Optional[_Union[CourseKind, str]] = ..., area: _Optional[str] = ..., starts_on: _Optional[str] = ..., ends_on: _Optional[str] = ..., capacity: _Optional[int] = ..., planned_on: _Optional[str] = ...) -> None: ...

class EnrolmentOpened(_message.Message):
    __slots__ = ("course", "kind", "area", "opened_on")
    COURSE_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    AREA_FIELD_NUMBER: _ClassVar[int]
    OPENED_ON_FIELD_NUMBER: _ClassVar[int]
    course: str
    kind: CourseKind
    area: str
    opened_on: str
    def __init__(self, course: _Optional[str] = ..., kind: _Optional[_Union[CourseKind, str]] = ..., area: _Optional[str] = ..., opened_on: _Optional[str] = ...) -> None: ...

class LearnerEnrolled(_message.Message):
    __slots__ = ("course", "kind", "area", "learner", "enrolled_on")
    COURSE_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    AREA_FIELD_NUMBER: _ClassVar[int]
    LEARNER_FIELD_NUMBER: _ClassVar[int]
    ENROLLED_ON_FIELD_NUMBER: _ClassVar[int]
    course: str
    kind: CourseKind
    area: str
    learner: str
    enrolled_on: str
    def __init__(self, course: _Optional[str] = ..., kind: _Optional[_Union[CourseKind, str]] = ..., area: _Optional[str] = ..., learner: _Optional[str] = ..., enrolled_on: _Optional[str] = ...) -> None: ...

class SessionHeld(_message.Message):
    __slots__ = ("course", "kind", "area", "session", "held_on", "hours")
    COURSE_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    AREA_FIELD_NUMBER: _ClassVar[int]
    SESSION_FIELD_NUMBER: _ClassVar[int]
    HELD_ON_FIELD_NUMBER: _ClassVar[int]
    HOURS_FIELD_NUMBER: _ClassVar[int]
    course: str
    kind: CourseKind
    area: str
    session: str
    held_on: str
    hours: float
    def __init__(self, course: _Optional[str] = ..., kind: _Optional[_Union[CourseKind, str]] = ..., area: _Optional[str] = ..., session: _Optional[str] = ..., held_on: _Optional[str] = ..., hours: _Optional[float] = ...) -> None: ...

class AttendanceRecorded(_message.Message):
    __slots__ = ("course", "kind", "area", "session", "learners", "held_on")
    COURSE_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    AREA_FIELD_NUMBER: _ClassVar[int]
    SESSION_FIELD_NUMBER: _ClassVar[int]
    LEARNERS_FIELD_NUMBER: _ClassVar[int]
    HELD_ON_FIELD_NUMBER: _ClassVar[int]
    course: str
    kind: CourseKind
    area: str
    session: str
    learners: _containers.RepeatedScalarFieldContainer[str]
    held_on: str
    def __init__(self, course: _Optional[str] = ..., kind: _Optional[_Union[CourseKind, str]] = ..., area: _Optional[str] = ..., session: _Optional[str] = ..., learners: _Optional[_Iterable[str]] = ..., held_on: _Optional[str] = ...) -> None: ...

class CourseCompleted(_message.Message):
    __slots__ = ("course", "kind", "area", "completed_on", "participants", "learners")
    COURSE_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    AREA_FIELD_NUMBER: _ClassVar[int]
    COMPLETED_ON_FIELD_NUMBER: _ClassVar[int]
    PARTICIPANTS_FIELD_NUMBER: _ClassVar[int]
    LEARNERS_FIELD_NUMBER: _ClassVar[int]
    course: str
    kind: CourseKind
    area: str
    completed_on: str
    participants: int
    learners: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, course: _Optional[str] = ..., kind: _Optional[_Union[CourseKind, str]] = ..., area: _Optional[str] = ..., completed_on: _Optional[str] = ..., participants: _Optional[int] = ..., learners: _Optional[_Iterable[str]] = ...) -> None: ...

class CourseCancelled(_message.Message):
    __slots__ = ("course", "kind", "area", "cancelled_on")
    COURSE_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    AREA_FIELD_NUMBER: _ClassVar[int]
    CANCELLED_ON_FIELD_NUMBER: _ClassVar[int]
    course: str
    kind: CourseKind
    area: str
    cancelled_on: str
    def __init__(self, course: _Optional[str] = ..., kind: _Optional[_Union[CourseKind, str]] = ..., area: _Optional[str] = ..., cancelled_on: _Optional[str] = ...) -> None: ...

class HeadcountReported(_message.Message):
    __slots__ = ("headcount", "kind", "area", "held_on", "ended_on", "participants")
    HEADCOUNT_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    AREA_FIELD_NUMBER: _ClassVar[int]
    HELD_ON_FIELD_NUMBER: _ClassVar[int]
    ENDED_ON_FIELD_NUMBER: _ClassVar[int]
    PARTICIPANTS_FIELD_NUMBER: _ClassVar[int]
    headcount: str
    kind: CourseKind
    area: str
    held_on: str
    ended_on: str
    participants: int
    def __init__(self, headcount: _Optional[str] = ..., kind: _Optional[_Union[CourseKind, str]] = ..., area: _Optional[str] = ..., held_on: _Optional[str] = ..., ended_on: _Optional[str] = ..., participants: _Optional[int] = ...) -> None: ...
