"""SQLAlchemy mappings. "Table" for rows, so that "model" always means a network."""

from maskloop.tables.annotation import Annotation, Mutation
from maskloop.tables.base import Base
from maskloop.tables.image import Image
from maskloop.tables.job import Job, JobKind, JobState
from maskloop.tables.preferences import Preferences
from maskloop.tables.project import Category, Encoders, Project, encoder_of_project

__all__ = [
    "Annotation",
    "Base",
    "Category",
    "Encoders",
    "Image",
    "Job",
    "JobKind",
    "JobState",
    "Mutation",
    "Preferences",
    "Project",
    "encoder_of_project",
]
