"""Which events this service's log may hold; anything else in it is refused."""

from chassis.log.codec import Codec

from training.domain.course import Course
from training.domain.headcount import Headcount
from training.domain.session import CourseSession

AGGREGATES = (Course, CourseSession, Headcount)
CODEC = Codec(*AGGREGATES)
