"""Annotations carry attributes, a whole that they are a part of, and a layer; a person's settings are kept."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"

JSONB = postgresql.JSONB(astext_type=sa.Text())


def upgrade() -> None:
    op.add_column(
        "category",
        sa.Column("attributes", JSONB, server_default="[]", nullable=False, comment="What its annotations can say"),
    )
    op.add_column(
        "annotation",
        sa.Column("attributes", JSONB, server_default="{}", nullable=False, comment="Values by the attribute's name"),
    )
    op.add_column(
        "annotation",
        sa.Column("parent_id", sa.Uuid(), comment="The whole that it is a part of: an annotation of the same image"),
    )
    op.add_column(
        "annotation",
        sa.Column("layer", sa.Integer(), server_default="0", nullable=False, comment="Higher lies over lower"),
    )
    op.create_foreign_key(
        op.f("fk_annotation_parent_id_annotation"),
        "annotation",
        "annotation",
        ["parent_id"],
        ["id"],
        ondelete="SET NULL",
    )
    op.create_index(op.f("ix_annotation_parent_id"), "annotation", ["parent_id"])
    op.create_table(
        "preferences",
        sa.Column("owner", sa.Text(), nullable=False, comment="Whose; `local` while there are no accounts"),
        sa.Column("settings", JSONB, nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("owner", name=op.f("pk_preferences")),
    )


def downgrade() -> None:
    op.drop_table("preferences")
    op.drop_index(op.f("ix_annotation_parent_id"), table_name="annotation")
    op.drop_constraint(op.f("fk_annotation_parent_id_annotation"), "annotation")
    op.drop_column("annotation", "layer")
    op.drop_column("annotation", "parent_id")
    op.drop_column("annotation", "attributes")
    op.drop_column("category", "attributes")
