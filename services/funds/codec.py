"""Which events this service's log may hold; anything else in it is refused."""

from chassis.log.codec import Codec

from funds.domain.award import Award
from funds.domain.contribution import Contribution
from funds.domain.fund import Fund

AGGREGATES = (Fund, Contribution, Award)
CODEC = Codec(*AGGREGATES)
