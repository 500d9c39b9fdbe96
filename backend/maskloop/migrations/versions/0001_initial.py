"""Projects, images, annotations, and the record of requests that changed them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "project",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project")),
    )
    op.create_table(
        "category",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("project_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("color", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_category_project_id_project"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_category")),
        sa.UniqueConstraint("project_id", "name", name=op.f("uq_category_project_id_name")),
    )
    op.create_table(
        "image",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("project_id", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False, comment="SHA-256 of the uploaded bytes, hexadecimal"),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("byte_size", sa.BigInteger(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column(
            "rendition_type",
            sa.Text(),
            nullable=True,
            comment="Media type of the stored rendition for browsers; null where they can show the original",
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("width > 0 AND height > 0", name=op.f("ck_image_size")),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_image_project_id_project"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_image")),
        sa.UniqueConstraint("project_id", "digest", name=op.f("uq_image_project_id_digest")),
    )
    op.create_index(op.f("ix_image_digest"), "image", ["digest"], unique=False)
    op.create_index(op.f("ix_image_project_id_id"), "image", ["project_id", "id"], unique=False)
    op.create_table(
        "annotation",
        sa.Column("id", sa.Uuid(), nullable=False, comment="Made by the client, so that a repeat is recognised"),
        sa.Column(
            "coco_id",
            sa.BigInteger(),
            sa.Identity(always=True),
            nullable=False,
            comment="COCO wants integers; also the order of creation",
        ),
        sa.Column("image_id", sa.BigInteger(), nullable=False),
        sa.Column("category_id", sa.BigInteger(), nullable=True),
        sa.Column("counts", sa.Text(), nullable=False, comment="COCO RLE; its size is the image's height and width"),
        sa.Column("bbox_x", sa.Integer(), nullable=False),
        sa.Column("bbox_y", sa.Integer(), nullable=False),
        sa.Column("bbox_w", sa.Integer(), nullable=False),
        sa.Column("bbox_h", sa.Integer(), nullable=False),
        sa.Column("area", sa.BigInteger(), nullable=False),
        sa.Column("provenance", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("area > 0 AND bbox_w > 0 AND bbox_h > 0", name=op.f("ck_annotation_not_empty")),
        sa.ForeignKeyConstraint(
            ["category_id"], ["category.id"], name=op.f("fk_annotation_category_id_category"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["image_id"], ["image.id"], name=op.f("fk_annotation_image_id_image"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_annotation")),
        sa.UniqueConstraint("coco_id", name=op.f("uq_annotation_coco_id")),
    )
    op.create_index(op.f("ix_annotation_category_id"), "annotation", ["category_id"], unique=False)
    op.create_index(op.f("ix_annotation_image_id_coco_id"), "annotation", ["image_id", "coco_id"], unique=False)
    op.create_table(
        "mutation",
        sa.Column("key", sa.Uuid(), nullable=False),
        sa.Column("request_hash", sa.Text(), nullable=False, comment="SHA-256 of method, path, query and body"),
        sa.Column("image_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "annotation_id", sa.Uuid(), nullable=False, comment="No foreign key: the record outlives the annotation"
        ),
        sa.Column("response", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["image_id"], ["image.id"], name=op.f("fk_mutation_image_id_image"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_mutation")),
    )
    op.create_index(op.f("ix_mutation_image_id"), "mutation", ["image_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_mutation_image_id"), table_name="mutation")
    op.drop_table("mutation")
    op.drop_index(op.f("ix_annotation_image_id_coco_id"), table_name="annotation")
    op.drop_index(op.f("ix_annotation_category_id"), table_name="annotation")
    op.drop_table("annotation")
    op.drop_index(op.f("ix_image_project_id_id"), table_name="image")
    op.drop_index(op.f("ix_image_digest"), table_name="image")
    op.drop_table("image")
    op.drop_table("category")
    op.drop_table("project")
