import type { ModelEntry, Project } from '../../api/types';
import { count } from '../kit/text';

/** What follows for the project when this model becomes, or is, its own: in words for a person. */
export function consequences(project: Project, entry: ModelEntry, current: ModelEntry | undefined): string {
  if (entry === current) return inUse(project, entry);
  const wait = current ? `${current.title} works until then.` : '';
  const first = entry.state === 'ready' ? '' : `The project changes to it when it is here. ${wait} `;
  return `${first}${preparation(project, entry)} Masks stay as they are.`;
}

function inUse({ image_count, embedded_count }: Project, { title, state }: ModelEntry): string {
  if (state !== 'ready') return `The project uses ${title}, whose weights are not on the server.`;
  if (embedded_count === image_count) return `The project uses ${title}. All images are prepared for it.`;
  return `The project uses ${title}. ${embedded_count} of ${count(image_count, 'image')} prepared.`;
}

function preparation({ image_count }: Project, { prepared_count, seconds_per_image }: ModelEntry): string {
  const left = image_count - (prepared_count ?? 0);
  if (image_count === 0) return 'There are no images to prepare yet.';
  if (left <= 0) return 'All images are prepared for it already: it answers at once.';
  const time = seconds_per_image === null ? '' : `, about ${span(left * seconds_per_image)}`;
  const verb = left === 1 ? 'is' : 'are';
  return `${count(left, 'image')} ${verb} prepared again in the background${time}; one that is opened goes first.`;
}

/** "20 s", "7 min", "3 h": nobody needs it to the second. */
function span(seconds: number): string {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
  if (seconds < 90 * 60) return `${Math.round(seconds / 60)} min`;
  return `${Math.round(seconds / 3600)} h`;
}
