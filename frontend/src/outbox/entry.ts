import type { AnnotationIn, Provenance } from '../api/types';
import type { Rle } from '../geometry/types';

export type Segmentation = AnnotationIn['segmentation'];

interface Target {
  readonly imageId: number;
  readonly annotationId: string;
}

/** What the browser measured itself, so that an annotation can be shown before the server has seen it. */
export interface Measured {
  /** XYWH in image pixels. */
  readonly bbox: readonly [x: number, y: number, width: number, height: number];
  /** Pixels of the mask. */
  readonly area: number;
}

export interface Create extends Target {
  readonly kind: 'create';
  readonly categoryId: number | null;
  readonly segmentation: Rle;
  readonly provenance: Provenance;
  readonly measured: Measured;
}

/** Only what changes; the rest stays as it is. */
export interface Update extends Target {
  readonly kind: 'update';
  readonly categoryId: number | null;
}

export interface Delete extends Target {
  readonly kind: 'delete';
}

export type Mutation = Create | Update | Delete;

/** Why the server refused an entry for good. */
export interface Rejection {
  readonly status: number;
  readonly code: string;
  readonly reason: string;
  /** The version that the server holds, where a stale edit was refused. */
  readonly currentVersion: number | null;
}

/** One mutation on its way to the server. */
export interface Entry {
  /** Order of acceptance, given by the store. */
  readonly seq: number;
  /** Idempotency key: a replay under the same key changes nothing on the server. */
  readonly key: string;
  readonly mutation: Mutation;
  /**
   * The annotation's version that this mutation builds on; null while only an earlier entry can tell. It is final once
   * every earlier entry of the annotation is acknowledged, and only then is the entry sent: a replay has the same body.
   */
  readonly baseVersion: number | null;
  readonly rejection: Rejection | null;
}

export type NewEntry = Omit<Entry, 'seq'>;
