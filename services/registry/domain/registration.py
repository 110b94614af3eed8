"""When a subject may be registered for a title."""

from datetime import date

from chassis.errors import Invalid

from registry.domain.kind import Model
from registry.domain.refusals import WrongModel, refuse
from registry.domain.subject import Subject


def registrable(subject: Subject, model: Model, season: int, registered_on: date) -> None:
    """Refuse a registration that this subject cannot make on that day.

    Raises:
        Erased: its personal data was erased.
        WrongModel: it is of another model.
        Invalid: the season is not open that day, or the subject was not active yet.
    """
    subject.require_known()
    if subject.model is not model:
        raise refuse(
            WrongModel,
            "/model",
            f"subject {subject.id} is a {subject.model}: it cannot get the title of a {model}",
            f"đối tượng {subject.id} là {subject.model}: không thể nhận danh hiệu của {model}",
            model,
        )
    if season not in (registered_on.year, registered_on.year - 1):
        raise refuse(
            Invalid,
            "/season",
            f"season {season} is not open on {registered_on}: its year or the one before it",
            f"năm {season} không mở đăng ký vào ngày {registered_on}: "
            "chỉ năm đó hoặc năm liền trước",
            season,
        )
    if registered_on < subject.entered_on:
        raise refuse(
            Invalid,
            "/registered_on",
            f"subject {subject.id} is active from {subject.entered_on}, not on {registered_on}",
            f"đối tượng {subject.id} có từ ngày {subject.entered_on}, chưa có vào {registered_on}",
            registered_on.isoformat(),
        )
