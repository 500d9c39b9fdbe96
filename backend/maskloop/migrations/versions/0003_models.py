"""The model belongs to the project, and pulling one is a job."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

SUBJECT = (
    "CASE kind WHEN 'embed' THEN num_nonnulls(image_id, encoder_digest) = 2 AND model IS NULL "
    "WHEN 'pull' THEN model IS NOT NULL AND num_nonnulls(image_id, encoder_digest) = 0 END"
)


def upgrade() -> None:
    op.add_column("project", sa.Column("model", sa.Text(), comment="Name of its model; null: the server's default"))
    op.add_column(
        "project",
        sa.Column("next_model", sa.Text(), comment="Name of the model it changes to as soon as that is here"),
    )
    op.alter_column("job", "image_id", nullable=True)
    op.alter_column("job", "encoder_digest", nullable=True)
    op.add_column("job", sa.Column("model", sa.Text(), comment="Name of the model to pull"))
    op.add_column("job", sa.Column("step", sa.Text(), comment="What it is doing, for people"))
    op.drop_constraint(op.f("ck_job_kind"), "job")
    op.create_check_constraint(op.f("ck_job_kind"), "job", "kind IN ('embed', 'pull')")
    op.create_check_constraint(op.f("ck_job_subject"), "job", SUBJECT)
    op.create_unique_constraint(op.f("uq_job_kind_model"), "job", ["kind", "model"])


def downgrade() -> None:
    op.execute("DELETE FROM job WHERE kind = 'pull'")
    op.drop_constraint(op.f("uq_job_kind_model"), "job")
    op.drop_constraint(op.f("ck_job_subject"), "job")
    op.drop_constraint(op.f("ck_job_kind"), "job")
    op.create_check_constraint(op.f("ck_job_kind"), "job", "kind IN ('embed')")
    op.drop_column("job", "step")
    op.drop_column("job", "model")
    op.alter_column("job", "encoder_digest", nullable=False)
    op.alter_column("job", "image_id", nullable=False)
    op.drop_column("project", "next_model")
    op.drop_column("project", "model")
