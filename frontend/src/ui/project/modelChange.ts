import type { ModelEntry, Project } from '../../api/types';
import type { Message } from '../../i18n/message';

/** What follows for the project when this model becomes, or is, its own: sentence by sentence. */
export function consequences(
  project: Project,
  entry: ModelEntry,
  current: ModelEntry | undefined,
): readonly Message[] {
  if (entry === current) return [inUse(project, entry)];
  const change: Message[] = entry.state === 'ready' ? [] : later(current);
  return [...change, preparation(project, entry), { key: 'project:model.masksStay' }];
}

function later(current: ModelEntry | undefined): Message[] {
  const change: Message = { key: 'project:model.changesLater' };
  if (!current) return [change];
  return [change, { key: 'project:model.worksUntilThen', values: { model: current.title } }];
}

function inUse({ image_count, embedded_count }: Project, { title: model, state }: ModelEntry): Message {
  if (state !== 'ready') return { key: 'project:model.isMissing', values: { model } };
  if (embedded_count === image_count) return { key: 'project:model.isReady', values: { model } };
  const images: Message = { key: 'common:images', values: { count: image_count } };
  return { key: 'project:model.isPreparing', values: { model, done: embedded_count, images } };
}

function preparation({ image_count }: Project, { prepared_count, seconds_per_image }: ModelEntry): Message {
  const count = image_count - (prepared_count ?? 0);
  if (image_count === 0) return { key: 'project:model.noImages' };
  if (count <= 0) return { key: 'project:model.allPrepared' };
  if (seconds_per_image === null) return { key: 'project:model.prepares', values: { count } };
  return { key: 'project:model.preparesTimed', values: { count, time: span(count * seconds_per_image) } };
}

/** "20 seconds", "7 minutes", "3 hours": nobody needs it to the second. */
function span(seconds: number): Message {
  if (seconds < 90) return { key: 'common:seconds', values: { count: Math.max(1, Math.round(seconds)) } };
  if (seconds < 90 * 60) return { key: 'common:minutes', values: { count: Math.round(seconds / 60) } };
  return { key: 'common:hours', values: { count: Math.round(seconds / 3600) } };
}
