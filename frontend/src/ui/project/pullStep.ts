/** What the server says it does while it gets a model ready, as messages: it says so in English. */
import type { Message } from '../../i18n';

const DOWNLOAD = /: (?<received>[\d.]+ \w+) of (?<total>[\d.]+ \w+), (?<rate>[\d.]+ \w+)\/s/;

const STEPS: readonly (readonly [RegExp, Message])[] = [
  [/: converting the weights$/, { key: 'project:model.steps.converting' }],
  [/: exporting the \w+ to ONNX$/, { key: 'project:model.steps.exporting' }],
  [/: verifying its SHA-256$/, { key: 'project:model.steps.verifying' }],
  [/: ready in /, { key: 'project:model.steps.ready' }],
  [/: another process is making it; waiting$/, { key: 'project:model.steps.elsewhere' }],
];

/** A step that is not known is work all the same. */
export function pullStep(step: string | null | undefined): Message {
  if (!step) return { key: 'project:model.waiting' };
  const download = DOWNLOAD.exec(step)?.groups;
  if (download) return { key: 'project:model.steps.downloading', values: { ...download } };
  return STEPS.find(([pattern]) => pattern.test(step))?.[1] ?? { key: 'project:model.steps.preparing' };
}
