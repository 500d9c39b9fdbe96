/** The server's words, named as the rest of the browser uses them. Generated: see schema.d.ts. */
import type { components } from './schema';

type Schemas = components['schemas'];

export type Project = Schemas['ProjectOut'];
export type Category = Schemas['CategoryOut'];
export type Image = Schemas['ImageOut'];
export type ImageDetail = Schemas['ImageDetail'];
export type ImagePage = Schemas['ImagePage'];
export type EmbeddingState = Image['embedding']['state'];
export type Annotation = Schemas['AnnotationOut'];
export type AnnotationIn = Schemas['AnnotationIn'];
export type AnnotationPatch = Schemas['AnnotationPatch'];
export type Provenance = Annotation['provenance'];
export type AttributeDefinition = Category['attributes'][number];
export type Preferences = Schemas['PreferencesOut'];
export type UploadResult = Schemas['UploadResult'];
export type Model = Schemas['ModelOut'];
export type ModelEntry = Schemas['ModelEntryOut'];
