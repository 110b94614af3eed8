"""Which events this service's log may hold; anything else in it is refused."""

from chassis.log.codec import Codec

from registry.domain.area import AreaUnit
from registry.domain.case import RecognitionCase
from registry.domain.decision import Decision
from registry.domain.holding import TitleHolding
from registry.domain.reform import Reform
from registry.domain.subject import Subject
from registry.domain.village import Village

AGGREGATES = (AreaUnit, Village, Reform, Subject, RecognitionCase, TitleHolding, Decision)
CODEC = Codec(*AGGREGATES)
