"""Crops of an image are embedded, too."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

SUBJECT = (
    "CASE kind WHEN 'embed' THEN num_nonnulls(image_id, encoder_digest) = 2 AND model IS NULL "
    "WHEN 'pull' THEN model IS NOT NULL AND num_nonnulls(image_id, encoder_digest) = 0{} END"
)
UNIQUE = "uq_job_kind_image_id_encoder_digest"


def upgrade() -> None:
    comment = "x,y,w,h in pixels; empty: the whole image"
    op.add_column("job", sa.Column("crop", sa.Text(), server_default="", nullable=False, comment=comment))
    op.drop_constraint(op.f(UNIQUE), "job")
    op.create_unique_constraint(op.f(f"{UNIQUE}_crop"), "job", ["kind", "image_id", "encoder_digest", "crop"])
    op.drop_constraint(op.f("ck_job_subject"), "job")
    op.create_check_constraint(op.f("ck_job_subject"), "job", SUBJECT.format(" AND crop = ''"))


def downgrade() -> None:
    op.execute("DELETE FROM job WHERE crop <> ''")
    op.drop_constraint(op.f("ck_job_subject"), "job")
    op.create_check_constraint(op.f("ck_job_subject"), "job", SUBJECT.format(""))
    op.drop_constraint(op.f(f"{UNIQUE}_crop"), "job")
    op.create_unique_constraint(op.f(UNIQUE), "job", ["kind", "image_id", "encoder_digest"])
    op.drop_column("job", "crop")
