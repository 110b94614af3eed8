"""What is taught, and where a course stands."""

from enum import StrEnum


class Kind(StrEnum):
    PROFESSIONAL_TRAINING = "PROFESSIONAL_TRAINING"
    TECH_TRANSFER = "TECH_TRANSFER"
    LITERACY = "LITERACY"
    IT_SKILLS = "IT_SKILLS"
    LAW_POLICY = "LAW_POLICY"
    CULTURE = "CULTURE"
    LANGUAGE = "LANGUAGE"
    SEMINAR = "SEMINAR"
    CONTEST = "CONTEST"


class State(StrEnum):
    PLANNED = "planned"
    OPEN = "open"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
