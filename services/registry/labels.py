"""What people read for this service's codes, Vietnamese and English."""

from collections.abc import Mapping

from chassis.edge.labels import Label, Labels

from registry.domain.criteria import Engine, Mark, Rule
from registry.domain.kind import CaseState, Group, Level, Model, Sex, SubjectKind
from registry.domain.reasons import GRADES

MODELS: Mapping[str, Label] = {
    Model.CITIZEN: Label("Công dân học tập", "Learning citizen"),
    Model.FAMILY: Label("Gia đình học tập", "Learning family"),
    Model.CLAN: Label("Dòng họ học tập", "Learning clan"),
    Model.COMMUNITY: Label("Cộng đồng học tập", "Learning community"),
    Model.UNIT: Label("Đơn vị học tập", "Learning unit"),
}

STATES: Mapping[str, Label] = {
    CaseState.REGISTERED: Label("Đã đăng ký", "Registered"),
    CaseState.SELF_ASSESSED: Label("Đã tự đánh giá", "Self-assessed"),
    CaseState.VERIFIED: Label("Đã thẩm định", "Verified"),
    CaseState.PROPOSED: Label("Đã đề nghị công nhận", "Proposed"),
    CaseState.RECOGNISED: Label("Đã công nhận", "Recognised"),
    CaseState.REJECTED: Label("Không được công nhận", "Rejected"),
    CaseState.WITHDRAWN: Label("Đã rút đăng ký", "Withdrawn"),
}

GROUPS: Mapping[str, Label] = {
    Group.FARMER: Label("Nông dân, lao động nông thôn", "Farmers and rural labour"),
    Group.WORKER: Label("Công nhân, thợ thủ công", "Workers and craftsmen"),
    Group.OFFICIAL: Label("Cán bộ, công chức, viên chức", "Officials and civil servants"),
    Group.LEARNER: Label("Học sinh, sinh viên", "Pupils and students"),
    Group.VILLAGE: Label("Thôn, bản, tiểu khu, tổ dân phố", "Village"),
    Group.COMMUNE: Label("Cấp xã", "Commune"),
    Group.PROVINCE: Label("Cấp tỉnh", "Province"),
}

KINDS: Mapping[str, Label] = {
    SubjectKind.THON: Label("Thôn", "Village (thôn)"),
    SubjectKind.BAN: Label("Bản", "Village (bản)"),
    SubjectKind.TIEU_KHU: Label("Tiểu khu", "Quarter (tiểu khu)"),
    SubjectKind.TO_DAN_PHO: Label("Tổ dân phố", "Residential group (tổ dân phố)"),
    SubjectKind.AGENCY: Label("Cơ quan", "Agency"),
    SubjectKind.SCHOOL: Label("Trường học", "School"),
    SubjectKind.LEARNING_CENTRE: Label("Trung tâm giáo dục, học tập", "Learning centre"),
    SubjectKind.ENTERPRISE: Label("Doanh nghiệp", "Enterprise"),
    SubjectKind.ARMED_FORCES: Label("Lực lượng vũ trang", "Armed forces"),
    SubjectKind.OTHER: Label("Đơn vị khác", "Other unit"),
}

LEVELS: Mapping[str, Label] = {level: Label(GRADES[level].vi, GRADES[level].en) for level in Level}

SEXES: Mapping[str, Label] = {
    Sex.FEMALE: Label("Nữ", "Female"),
    Sex.MALE: Label("Nam", "Male"),
}

ENGINES: Mapping[str, Label] = {
    Engine.POINTS_WITH_FLOOR: Label(
        "Tổng điểm, mỗi mục không dưới mức tối thiểu", "Points in all, with a floor for each item"
    ),
    Engine.POINTS_BANDED: Label("Xếp loại theo tổng điểm", "Grades by points"),
    Engine.ALL_TARGETS: Label("Đạt tất cả chỉ tiêu", "Every target met"),
}

MARKS: Mapping[str, Label] = {
    Mark.KNOWN: Label("Theo văn bản đã công bố", "From a public text"),
    Mark.ASSUMED: Label("Giả định, chờ Hội xác nhận", "Assumed, to be confirmed"),
}

VALIDITIES: Mapping[str, Label] = {
    Rule.FOLLOWING_YEAR: Label(
        "Đến hết năm sau năm đánh giá", "To the end of the year after the season"
    ),
    Rule.OPEN: Label("Cho đến khi bị thu hồi", "Until it is revoked"),
}

LABELS: Labels = {
    "models": MODELS,
    "case_states": STATES,
    "groups": GROUPS,
    "levels": LEVELS,
    "subject_kinds": KINDS,
    "sexes": SEXES,
    "criteria_engines": ENGINES,
    "criteria_marks": MARKS,
    "criteria_validity": VALIDITIES,
}
