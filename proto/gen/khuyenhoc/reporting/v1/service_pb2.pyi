from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class GetStatisticsRequest(_message.Message):
    __slots__ = ("measure", "area", "period", "as_of", "known_at", "map_date", "by", "dimensions", "min_position", "wait")
    class DimensionsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    MEASURE_FIELD_NUMBER: _ClassVar[int]
    AREA_FIELD_NUMBER: _ClassVar[int]
    PERIOD_FIELD_NUMBER: _ClassVar[int]
    AS_OF_FIELD_NUMBER: _ClassVar[int]
    KNOWN_AT_FIELD_NUMBER: _ClassVar[int]
    MAP_DATE_FIELD_NUMBER: _ClassVar[int]
    BY_FIELD_NUMBER: _ClassVar[int]
    DIMENSIONS_FIELD_NUMBER: _ClassVar[int]
    MIN_POSITION_FIELD_NUMBER: _ClassVar[int]
    WAIT_FIELD_NUMBER: _ClassVar[int]
    measure: _containers.RepeatedScalarFieldContainer[str]
    area: _containers.RepeatedScalarFieldContainer[str]
    period: _containers.RepeatedScalarFieldContainer[str]
    as_of: str
    known_at: str
    map_date: str
    by: _containers.RepeatedScalarFieldContainer[str]
    dimensions: _containers.ScalarMap[str, str]
    min_position: _containers.RepeatedScalarFieldContainer[str]
    wait: float
    def __init__(self, measure: _Optional[_Iterable[str]] = ..., area: _Optional[_Iterable[str]] = ..., period: _Optional[_Iterable[str]] = ..., as_of: _Optional[str] = ..., known_at: _Optional[str] = ..., map_date: _Optional[str] = ..., by: _Optional[_Iterable[str]] = ..., dimensions: _Optional[_Mapping[str, str]] = ..., min_position: _Optional[_Iterable[str]] = ..., wait: _Optional[float] = ...) -> None: ...

class Asked(_message.Message):
    __slots__ = ("measure", "area", "period", "as_of", "known_at", "map_date", "by", "dimensions")
    class DimensionsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    MEASURE_FIELD_NUMBER: _ClassVar[int]
    AREA_FIELD_NUMBER: _ClassVar[int]
    PERIOD_FIELD_NUMBER: _ClassVar[int]
    AS_OF_FIELD_NUMBER: _ClassVar[int]
    KNOWN_AT_FIELD_NUMBER: _ClassVar[int]
    MAP_DATE_FIELD_NUMBER: _ClassVar[int]
    BY_FIELD_NUMBER: _ClassVar[int]
    DIMENSIONS_FIELD_NUMBER: _ClassVar[int]
    measure: _containers.RepeatedScalarFieldContainer[str]
    area: _containers.RepeatedScalarFieldContainer[str]
    period: _containers.RepeatedScalarFieldContainer[str]
    as_of: str
    known_at: str
    map_date: str
    by: _containers.RepeatedScalarFieldContainer[str]
    dimensions: _containers.ScalarMap[str, str]
    def __init__(self, measure: _Optional[_Iterable[str]] = ..., area: _Optional[_Iterable[str]] = ..., period: _Optional[_Iterable[str]] = ..., as_of: _Optional[str] = ..., known_at: _Optional[str] = ..., map_date: _Optional[str] = ..., by: _Optional[_Iterable[str]] = ..., dimensions: _Optional[_Mapping[str, str]] = ...) -> None: ...

class Row(_message.Message):
    __slots__ = ("measure", "area", "period", "by", "value", "unallocated", "suppressed", "unknown", "ratio", "numerator", "base", "base_kind")
    class ByEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    MEASURE_FIELD_NUMBER: _ClassVar[int]
    AREA_FIELD_NUMBER: _ClassVar[int]
    PERIOD_FIELD_NUMBER: _ClassVar[int]
    BY_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    UNALLOCATED_FIELD_NUMBER: _ClassVar[int]
    SUPPRESSED_FIELD_NUMBER: _ClassVar[int]
    UNKNOWN_FIELD_NUMBER: _ClassVar[int]
    RATIO_FIELD_NUMBER: _ClassVar[int]
    NUMERATOR_FIELD_NUMBER: _ClassVar[int]
    BASE_FIELD_NUMBER: _ClassVar[int]
    BASE_KIND_FIELD_NUMBER: _ClassVar[int]
    measure: str
    area: str
    period: str
    by: _containers.ScalarMap[str, str]
    value: int
    unallocated: int
    suppressed: bool
    unknown: int
    ratio: float
    numerator: int
    base: int
    base_kind: str
    def __init__(self, measure: _Optional[str] = ..., area: _Optional[str] = ..., period: _Optional[str] = ..., by: _Optional[_Mapping[str, str]] = ..., value: _Optional[int] = ..., unallocated: _Optional[int] = ..., suppressed: _Optional[bool] = ..., unknown: _Optional[int] = ..., ratio: _Optional[float] = ..., numerator: _Optional[int] = ..., base: _Optional[int] = ..., base_kind: _Optional[str] = ...) -> None: ...

class Origin(_message.Message):
    __slots__ = ("at", "known_after", "accepted_at")
    AT_FIELD_NUMBER: _ClassVar[int]
    KNOWN_AFTER_FIELD_NUMBER: _ClassVar[int]
    ACCEPTED_AT_FIELD_NUMBER: _ClassVar[int]
    at: int
    known_after: str
    accepted_at: str
    def __init__(self, at: _Optional[int] = ..., known_after: _Optional[str] = ..., accepted_at: _Optional[str] = ...) -> None: ...

class Source(_message.Message):
    __slots__ = ("position", "recorded_at", "parked", "origin")
    POSITION_FIELD_NUMBER: _ClassVar[int]
    RECORDED_AT_FIELD_NUMBER: _ClassVar[int]
    PARKED_FIELD_NUMBER: _ClassVar[int]
    ORIGIN_FIELD_NUMBER: _ClassVar[int]
    position: int
    recorded_at: str
    parked: int
    origin: Origin
    def __init__(self, position: _Optional[int] = ..., recorded_at: _Optional[str] = ..., parked: _Optional[int] = ..., origin: _Optional[_Union[Origin, _Mapping]] = ...) -> None: ...

class Statistics(_message.Message):
    __slots__ = ("province", "asked", "rows", "positions", "catalogue")
    class PositionsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: Source
        def __init__(self, key: _Optional[str] = ..., value: _Optional[_Union[Source, _Mapping]] = ...) -> None: ...
    PROVINCE_FIELD_NUMBER: _ClassVar[int]
    ASKED_FIELD_NUMBER: _ClassVar[int]
    ROWS_FIELD_NUMBER: _ClassVar[int]
    POSITIONS_FIELD_NUMBER: _ClassVar[int]
    CATALOGUE_FIELD_NUMBER: _ClassVar[int]
    province: str
    asked: Asked
    rows: _containers.RepeatedCompositeFieldContainer[Row]
    positions: _containers.MessageMap[str, Source]
    catalogue: str
    def __init__(self, province: _Optional[str] = ..., asked: _Optional[_Union[Asked, _Mapping]] = ..., rows: _Optional[_Iterable[_Union[Row, _Mapping]]] = ..., positions: _Optional[_Mapping[str, Source]] = ..., catalogue: _Optional[str] = ...) -> None: ...

class ListMeasuresRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class Measure(_message.Message):
    __slots__ = ("id", "name_vi", "name_en", "kind", "unit", "dimensions", "definition", "source", "version", "unit_en", "definition_en")
    ID_FIELD_NUMBER: _ClassVar[int]
    NAME_VI_FIELD_NUMBER: _ClassVar[int]
    NAME_EN_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    UNIT_FIELD_NUMBER: _ClassVar[int]
    DIMENSIONS_FIELD_NUMBER: _ClassVar[int]
    DEFINITION_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    UNIT_EN_FIELD_NUMBER: _ClassVar[int]
    DEFINITION_EN_FIELD_NUMBER: _ClassVar[int]
    id: str
    name_vi: str
    name_en: str
    kind: str
    unit: str
    dimensions: _containers.RepeatedScalarFieldContainer[str]
    definition: str
    source: str
    version: str
    unit_en: str
    definition_en: str
    def __init__(self, id: _Optional[str] = ..., name_vi: _Optional[str] = ..., name_en: _Optional[str] = ..., kind: _Optional[str] = ..., unit: _Optional[str] = ..., dimensions: _Optional[_Iterable[str]] = ..., definition: _Optional[str] = ..., source: _Optional[str] = ..., version: _Optional[str] = ..., unit_en: _Optional[str] = ..., definition_en: _Optional[str] = ...) -> None: ...

class ListMeasuresReply(_message.Message):
    __slots__ = ("measures",)
    MEASURES_FIELD_NUMBER: _ClassVar[int]
    measures: _containers.RepeatedCompositeFieldContainer[Measure]
    def __init__(self, measures: _Optional[_Iterable[_Union[Measure, _Mapping]]] = ...) -> None: ...
