"""SQLAlchemy mappings. "Table" for rows, so that "model" always means a network."""

from maskloop.tables.annotation import Annotation, Mutation
from maskloop.tables.base import Base
from maskloop.tables.image import Image
from maskloop.tables.job import WHOLE_IMAGE, Job, JobKind, JobState
from maskloop.tables.preferences import Preferences
from maskloop.tables.project import Category, Encoders, Project, encoder_of_project

__all__ = [
    "WHOLE_IMAGE",
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
