"""What a careful developer gets from the stock parts: the baselines of the HTTP bench.

``/act``: FastAPI over the event-sourcing library, as its own example does it: a plain route in the
thread pool, an aggregate loaded, changed and saved. ``/echo``: a pydantic model in and out, nothing
stored. Started as ``uvicorn benchmarks.stock:app`` with the library's own environment variables.
"""

from uuid import UUID

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event
from fastapi import FastAPI
from pydantic import BaseModel


class Register(Aggregate):
    def __init__(self) -> None:
        self.learners: set[str] = set()

    @event("Enrolled")
    def enrol(self, learner: str, enrolled_on: str) -> None:
        self.learners.add(learner + enrolled_on)


class Registers(Application[UUID]):
    pass


class Enrolment(BaseModel):
    course: UUID
    learner: UUID
    enrolled_on: str


app = FastAPI()
registers = Registers()


@app.post("/register")
def register() -> dict[str, str]:
    new = Register()
    registers.save(new)
    return {"id": str(new.id)}


@app.post("/act")
def act(enrolment: Enrolment) -> dict[str, str | int]:
    course: Register = registers.repository.get(enrolment.course)
    course.enrol(str(enrolment.learner), enrolment.enrolled_on)
    recordings = registers.save(course)
    return {
        "id": str(course.id),
        "version": course.version,
        "position": recordings[-1].notification.id,
    }


@app.post("/echo")
async def echo(enrolment: Enrolment) -> Enrolment:
    return enrolment
