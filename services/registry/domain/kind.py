"""The five models, their groups and levels, and where a case stands."""

from enum import StrEnum


class Model(StrEnum):
    CITIZEN = "citizen"
    FAMILY = "family"
    CLAN = "clan"
    COMMUNITY = "community"
    UNIT = "unit"


class Group(StrEnum):
    """Which form of a model a subject falls under; families and clans have none."""

    FARMER = "farmer"
    WORKER = "worker"
    OFFICIAL = "official"
    LEARNER = "learner"
    VILLAGE = "village"
    COMMUNE = "commune"
    PROVINCE = "province"


class SubjectKind(StrEnum):
    """What a community or a unit is, as people there call it."""

    THON = "thon"
    BAN = "ban"
    TIEU_KHU = "tieu_khu"
    TO_DAN_PHO = "to_dan_pho"
    AGENCY = "agency"
    SCHOOL = "school"
    LEARNING_CENTRE = "learning_centre"
    ENTERPRISE = "enterprise"
    ARMED_FORCES = "armed_forces"
    OTHER = "other"


class Sex(StrEnum):
    FEMALE = "female"
    MALE = "male"


class Level(StrEnum):
    """How high a title stands, where its criteria set has levels or grades."""

    LEVEL_1 = "level_1"
    LEVEL_2 = "level_2"
    GOOD = "good"
    FAIR = "fair"
    AVERAGE = "average"


class CaseState(StrEnum):
    REGISTERED = "registered"
    SELF_ASSESSED = "self_assessed"
    VERIFIED = "verified"
    PROPOSED = "proposed"
    RECOGNISED = "recognised"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


GROUPS: dict[Model, frozenset[Group]] = {
    Model.CITIZEN: frozenset({Group.FARMER, Group.WORKER, Group.OFFICIAL, Group.LEARNER}),
    Model.FAMILY: frozenset(),
    Model.CLAN: frozenset(),
    # A village and a commune are both called a learning community, but they are another thing.
    Model.COMMUNITY: frozenset({Group.VILLAGE, Group.COMMUNE, Group.PROVINCE}),
    Model.UNIT: frozenset({Group.COMMUNE, Group.PROVINCE}),  # who runs the unit
}
GROUP_NEEDED = frozenset({Model.COMMUNITY, Model.UNIT})

VILLAGE_KINDS = frozenset(
    {SubjectKind.THON, SubjectKind.BAN, SubjectKind.TIEU_KHU, SubjectKind.TO_DAN_PHO}
)
UNIT_KINDS = frozenset(SubjectKind) - VILLAGE_KINDS
HEADED = frozenset({Model.FAMILY, Model.CLAN})
