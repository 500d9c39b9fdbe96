"""The record of background work, and the queue engine's own tables in a schema of their own."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from maskloop.jobs.engine import SCHEMA, install_sql

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "job",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("image_id", sa.BigInteger(), nullable=False),
        sa.Column("encoder_digest", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column(
            "attempts",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="Runs begun since it was last queued anew",
        ),
        sa.Column("run", sa.Uuid(), nullable=True, comment="The run that owns the row; another may have taken it over"),
        sa.Column("progress", sa.Float(), server_default="0", nullable=False, comment="0 to 1"),
        sa.Column("error", sa.Text(), nullable=True, comment="Why it failed, for people"),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('embed')", name=op.f("ck_job_kind")),
        sa.CheckConstraint("state IN ('queued', 'running', 'succeeded', 'failed')", name=op.f("ck_job_state")),
        sa.ForeignKeyConstraint(["image_id"], ["image.id"], name=op.f("fk_job_image_id_image"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
        sa.UniqueConstraint("kind", "image_id", "encoder_digest", name=op.f("uq_job_kind_image_id_encoder_digest")),
    )
    op.create_index(op.f("ix_job_image_id"), "job", ["image_id"])
    op.create_index(op.f("ix_job_run"), "job", ["run"])
    op.create_index(
        "ix_job_unfinished", "job", ["updated_at"], postgresql_where=sa.text("state IN ('queued', 'running')")
    )
    _run_script(install_sql())


def downgrade() -> None:
    op.execute(f"DROP SCHEMA {SCHEMA} CASCADE")
    op.drop_table("job")


def _run_script(sql: str) -> None:
    """Runs several statements in the migration's transaction, which the statements above have begun.

    SQLAlchemy prepares what it sends, and a prepared statement is one statement; the driver's own call is not.
    """
    connection: Any = op.get_bind().connection
    connection.run_async(lambda driver: driver.execute(sql))
