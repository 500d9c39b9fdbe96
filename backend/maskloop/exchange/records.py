"""One row of the database to one record of a COCO document, as JSON."""

from collections.abc import Callable
from typing import Any

from pydantic import BaseModel
from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import aliased

from maskloop.domain.masks import Mask
from maskloop.domain.polygons import to_polygons
from maskloop.exchange.naming import unique_file_name
from maskloop.exchange.schemas import CocoAnnotation, CocoImage, CocoLineage, CocoRle, SegmentationForm
from maskloop.tables import Annotation, Image


def as_json(record: BaseModel) -> bytes:
    """Compact; what is not set is left out."""
    return record.model_dump_json(exclude_none=True).encode()


def images_of(project_id: int) -> Select[Any]:
    """The project's images by id, each with its place among those whose names differ by letter case at most."""
    place = func.row_number().over(partition_by=func.lower(Image.file_name), order_by=Image.id) - 1
    columns = (Image.id, Image.file_name, Image.digest, Image.width, Image.height, place.label("place"))
    return select(*columns).where(Image.project_id == project_id).order_by(Image.id)


def image_json(row: Row[Any]) -> bytes:
    """A row of `images_of`."""
    name = unique_file_name(row.file_name, row.digest, row.place)
    return as_json(CocoImage(id=row.id, file_name=name, width=row.width, height=row.height))


def annotations_of(project_id: int, with_provenance: bool) -> Select[Any]:
    """The project's annotations by image, then in order of creation. Provenance is read only where it is wanted."""
    box: tuple[Any, ...] = (Annotation.bbox_x, Annotation.bbox_y, Annotation.bbox_w, Annotation.bbox_h)
    columns = (Annotation.coco_id, Annotation.image_id, Annotation.category_id, Annotation.counts, Annotation.area)
    whole = aliased(Annotation)
    said = (Annotation.attributes, whole.coco_id.label("parent_coco_id"))
    lineage = (Annotation.id, Annotation.provenance) if with_provenance else ()
    statement = select(*columns, *box, *said, Image.height, Image.width, *lineage).select_from(Annotation).join(Image)
    statement = statement.outerjoin(whole, whole.id == Annotation.parent_id)
    return statement.where(Image.project_id == project_id).order_by(Annotation.image_id, Annotation.coco_id)


def annotation_writer(
    form: SegmentationForm, with_provenance: bool, fallback_category_id: int
) -> Callable[[Row[Any]], bytes]:
    """What turns a row of `annotations_of` into JSON; those without a category get the fallback."""
    segmentation = to_polygons if form is SegmentationForm.POLYGON else _rle

    def write(row: Row[Any]) -> bytes:
        mask = Mask(row.counts, (row.height, row.width), (row.bbox_x, row.bbox_y, row.bbox_w, row.bbox_h), row.area)
        record = CocoAnnotation(
            id=row.coco_id,
            image_id=row.image_id,
            category_id=fallback_category_id if row.category_id is None else row.category_id,
            segmentation=segmentation(mask),
            area=mask.area,
            bbox=mask.bbox,
            attributes=row.attributes or None,
            parent_id=row.parent_coco_id,
            maskloop=CocoLineage(id=str(row.id), provenance=row.provenance) if with_provenance else None,
        )
        return as_json(record)

    return write


def _rle(mask: Mask) -> CocoRle:
    return CocoRle(size=mask.size, counts=mask.counts)
