import { describe, expect, it } from 'vitest';

import { Person } from './testing/person';

const BOXES = { encoderDigest: 'e2', decoderDigest: 'd2', inputSide: 1024, takesPoints: false };
const OTHER = { encoderDigest: 'e2', decoderDigest: 'd2', inputSide: 1024, takesPoints: true };

describe('another model', () => {
  it('makes the masks from then on, and they say so', async () => {
    const ann = new Person();
    await ann.click(20, 20);
    await ann.key('Enter');
    ann.editor.setModel(OTHER);
    await ann.click(40, 40);
    await ann.key('Enter');
    expect(ann.sees.annotations.map(({ provenance }) => provenance)).toMatchObject([
      { decoder_digest: 'd' },
      { decoder_digest: 'd2' },
    ]);
  });

  it('waits for the mask in the making', async () => {
    const ann = new Person();
    await ann.click(20, 20);
    expect(ann.editor.isBetweenMasks).toBe(false);
    expect(() => ann.editor.setModel(OTHER)).toThrow('in the making');
    await ann.key('Escape');
    expect(ann.editor.isBetweenMasks).toBe(true);
  });

  it('does not answer for what the model before was asked', async () => {
    const ann = new Person();
    await ann.click(20, 20);
    await ann.key('Escape');
    expect(ann.sees.canRedo).toBe(true);
    ann.editor.setModel(OTHER);
    expect(ann.sees.canRedo).toBe(false);
  });

  it('keeps what was accepted, and its undo', async () => {
    const ann = new Person();
    await ann.click(20, 20);
    await ann.key('Enter');
    ann.editor.setModel(OTHER);
    ann.editor.undo();
    expect(ann.sees.annotations).toEqual([]);
  });
});

describe('a model that knows boxes only', () => {
  it('says so when it is clicked, and takes the box', async () => {
    const ann = new Person({ model: BOXES });
    await ann.click(20, 20);
    expect(ann.sees.making).toBeNull();
    expect(ann.sees.status).toMatchObject({
      phase: 'ready',
      message: { key: 'editor:boxesOnly' },
    });
    await ann.drag([10, 10], [40, 40]);
    expect(ann.making.prompts).toMatchObject([{ kind: 'box' }]);
    expect(ann.sees.status.message).toBeNull();
  });

  it('shows no preview under the mouse', async () => {
    const ann = new Person({ model: BOXES });
    await ann.move(20, 20);
    expect(ann.sees.preview).toBeNull();
    expect(ann.sees.takesPoints).toBe(false);
  });
});
