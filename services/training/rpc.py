"""`khuyenhoc.training.v1.Training`: one course over gRPC, with the fields of the HTTP reply."""

from typing import Any
from uuid import UUID

from chassis.area import Areas
from chassis.clock import Clock, civil_day
from chassis.edge.reads import Reader
from chassis.edge.rpc import Service, caller
from chassis.edge.sentences import not_an_id, shown
from chassis.errors import Invalid
from chassis.log.repository import Repository
from khuyenhoc.training.v1 import service_pb2, service_pb2_grpc

from training import queries
from training.api import OFFICERS, place
from training.publish import KINDS
from training.schemas import CourseDetail


class TrainingServicer(service_pb2_grpc.TrainingServicer):
    def __init__(self, repository: Repository, areas: Areas, clock: Clock) -> None:
        self._repository = repository
        self._areas = areas
        self._clock = clock

    async def GetCourse(  # noqa: N802  # the contract's name
        self,
        request: service_pb2.GetCourseRequest,
        context: Any,  # noqa: ARG002
    ) -> service_pb2.Course:
        found = await queries.course(self._repository, _id(request.id))
        today = civil_day(self._clock.now())
        reader = Reader(principal=caller(), areas=self._areas, today=today, language="vi")
        reader.require(OFFICERS, place(found.area, reader))
        return _message(found)


def training_service(repository: Repository, areas: Areas, clock: Clock) -> Service:
    """The service to hand to `rpc.create_server`."""
    return Service(
        "khuyenhoc.training.v1.Training",
        TrainingServicer(repository, areas, clock),
        service_pb2_grpc.add_TrainingServicer_to_server,
    )


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Invalid.at("/id", *not_an_id(shown(text)), text) from None


def _message(it: CourseDetail) -> service_pb2.Course:
    return service_pb2.Course(
        id=str(it.id),
        version=it.version,
        kind=KINDS[it.kind],
        title=it.title,
        area=it.area,
        starts_on=it.starts_on.isoformat(),
        ends_on=it.ends_on.isoformat(),
        capacity=it.capacity,
        state=it.state,
        enrolled=it.enrolled,
        participants=it.participants,
        completed_on=it.completed_on.isoformat() if it.completed_on else None,
        sessions=it.sessions,
        headcount=it.headcount,
        held=[
            service_pb2.HeldSession(session=str(one.session), held_on=one.held_on.isoformat())
            for one in it.held
        ],
    )
