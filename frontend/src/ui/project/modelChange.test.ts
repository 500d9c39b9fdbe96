import { describe, expect, it } from 'vitest';

import type { ModelEntry, Project } from '../../api/types';
import { say, type Translate } from '../../i18n/message';
import { createTranslator } from '../../i18n/translator';
import { consequences } from './modelChange';

const project = { image_count: 1200, embedded_count: 7 } as Project;
const entry = (changes: Partial<ModelEntry>) =>
  ({
    title: 'SAM ViT-B',
    state: 'ready',
    prepared_count: 0,
    seconds_per_image: null,
    ...changes,
  }) as ModelEntry;
const current = entry({ title: 'MobileSAM', prepared_count: 1200 });

const english = createTranslator('en').t as Translate;
const words = (...of: Parameters<typeof consequences>) =>
  consequences(...of)
    .map((message) => say(english, message))
    .join(' ');

describe('what follows from another model', () => {
  it.each([
    [entry({ seconds_per_image: 1 }), '1,200 images are prepared again in the background, about 20 minutes;'],
    [entry({ seconds_per_image: 0.05 }), 'about 60 seconds;'],
    [entry({ seconds_per_image: 9 }), 'about 3 hours;'],
    [entry({}), '1,200 images are prepared again in the background; one'],
    [entry({ prepared_count: 1199 }), '1 image is prepared again'],
    [entry({ prepared_count: 1200 }), 'All images are prepared for it already: it answers at once.'],
    [
      entry({ state: 'absent' }),
      'The project changes to it when it is here. MobileSAM works until then. 1,200',
    ],
  ])('is said in numbers (%#)', (chosen, expected) => {
    expect(words(project, chosen, current)).toContain(expected);
    expect(words(project, chosen, current)).toContain('Masks stay as they are.');
  });

  it('says of the model in use how far it is', () => {
    expect(words(project, current, current)).toBe('The project uses MobileSAM. 7 of 1,200 images prepared.');
    const done = { ...project, embedded_count: 1200 };
    expect(words(done, current, current)).toContain('All images are prepared for it.');
  });

  it('says where the weights of the model in use are missing', () => {
    const gone = entry({ state: 'absent' });
    expect(words(project, gone, gone)).toContain('not on the server');
  });
});
