"""Pure: what the events of the registry add."""

from khuyenhoc.registry.v1 import events_pb2 as registry

from reporting.projections.known import names_of

WITHOUT_STATISTIC = names_of(
    registry.AreaOpened,  # places are known from the data files
    registry.AreaClosed,
    registry.AreaSucceeded,
    registry.VillageOpened,
    registry.SubjectEntered,
    registry.SubjectErased,
    registry.RegistrationWithdrawn,  # it was a registration all the same
    registry.SelfAssessmentSubmitted,
    registry.VerificationCompleted,
    registry.CaseProposed,
    registry.CaseRejected,
    registry.DecisionIssued,
    registry.CaseLeftOut,
)
