"""Statistics of training."""

from reporting.catalogue.measure import Kind, Measure, Words

COURSE_KINDS = (
    "PROFESSIONAL_TRAINING",
    "TECH_TRANSFER",
    "LITERACY",
    "IT_SKILLS",
    "LAW_POLICY",
    "CULTURE",
    "LANGUAGE",
    "SEMINAR",
    "CONTEST",
)

_COMPLETIONS = (
    "khuyenhoc.training.v1.CourseCompleted",
    "khuyenhoc.training.v1.HeadcountReported",
)

MEASURES = (
    Measure(
        id="courses_completed",
        name=Words("Lớp đã hoàn thành", "Courses completed"),
        kind=Kind.FLOW,
        unit=Words("lớp", "course"),
        dimensions=("kind",),
        definition=Words(
            "Số lớp, khoá đã kết thúc, tính vào ngày kết thúc; gồm cả lớp chỉ báo cáo số lượt người"
            " tham gia. Lớp bị huỷ không tính.",
            "Courses that were completed, on the day they ended, including those reported by their"
            " number of participants alone. Cancelled courses do not count.",
        ),
        source=_COMPLETIONS,
    ),
    Measure(
        id="participations",
        name=Words("Lượt người tham gia", "Participations"),
        kind=Kind.FLOW,
        unit=Words("lượt người", "participation"),
        dimensions=("kind",),
        definition=Words(
            "Tổng số người tham gia của từng lớp đã hoàn thành, tính vào ngày kết thúc; một người"
            " học hai lớp là hai lượt.",
            "Participants of each completed course, summed, on the day it ended; one person in two"
            " courses is two participations.",
        ),
        source=_COMPLETIONS,
    ),
    Measure(
        id="distinct_learners",
        name=Words("Người học", "Distinct learners"),
        kind=Kind.DISTINCT,
        unit=Words("người", "person"),
        dimensions=("kind",),
        definition=Words(
            "Số người khác nhau đã học các lớp hoàn thành trong kỳ; mỗi người tính một lần. Lượt"
            " người chỉ biết qua con số nằm ở cột chưa rõ. Không cộng được theo nơi hay theo kỳ.",
            "Different persons who took part in courses completed in the period, each counted once."
            " Participants known only by their number stand beside it as unknown. It adds neither"
            " over areas nor over periods.",
        ),
        source=_COMPLETIONS,
        of="participations",
    ),
)
