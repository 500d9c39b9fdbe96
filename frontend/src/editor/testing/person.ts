import type { Candidate, FullMask } from '../../geometry/decoding';
import { encodeMask } from '../../geometry/rle';
import type { Bitmap } from '../../geometry/types';
import { commandFor } from '../commands';
import { Editor, type EditorOptions } from '../editor';
import type { Annotation, Change, EditorSnapshot, MakingView, PointerInput } from '../model';
import { FakeDecoder, flush } from './fakeDecoder';

/** A mouse with nothing held. */
export const MOUSE = {
  button: 'primary',
  device: 'mouse',
  pressure: 0.5,
  alt: false,
  shift: false,
  mod: false,
} as const;

type PointerOptions = Partial<Omit<PointerInput, 'x' | 'y'>>;

export const CATEGORIES = [
  { id: 11, name: 'cat', color: '#ff0000', attributes: [] },
  { id: 12, name: 'dog', color: '#00ff00', attributes: [] },
];

interface PersonOptions extends Partial<EditorOptions> {
  /** The decoder answers by itself. */
  readonly atOnce?: boolean;
}

/** Someone at the mouse and the keyboard of a headless editor. The image is 100 x 80, one screen pixel an image pixel. */
export class Person {
  readonly decoder: FakeDecoder;
  readonly editor: Editor;
  readonly changes: Change[] = [];
  clock = 1000;
  private ids = 0;

  constructor({ atOnce = true, ...options }: PersonOptions = {}) {
    this.decoder = new FakeDecoder(atOnce);
    this.editor = new Editor({
      decoder: this.decoder,
      imageSize: { width: 100, height: 80 },
      annotations: [],
      categories: CATEGORIES,
      model: { encoderDigest: 'e', decoderDigest: 'd', inputSide: 1024, takesPoints: true },
      modelState: { phase: 'ready' },
      now: () => this.clock,
      newId: () => `new-${++this.ids}`,
      ...options,
    });
    this.editor.onChange((change) => this.changes.push(change));
  }

  get sees(): EditorSnapshot {
    return this.editor.getSnapshot();
  }

  /** The mask in the making, which must be there. */
  get making(): MakingView {
    const { making } = this.sees;
    if (!making) throw new Error('There is no mask in the making.');
    return making;
  }

  /** The model's mask that is shown in the making; null where there is none, or a painted one. */
  get candidate(): Candidate | null {
    const { shown } = this.making;
    return shown?.kind === 'logits' ? shown.candidate : null;
  }

  get chosen(): string | undefined {
    return this.making.ladder[this.making.chosen]?.name;
  }

  /** Ids of the annotations, in their order. */
  order(): string[] {
    return this.sees.annotations.map(({ id }) => id);
  }

  async move(x: number, y: number): Promise<void> {
    this.editor.pointerMove(this.at(x, y));
    await flush();
  }

  async press(x: number, y: number, options?: PointerOptions): Promise<void> {
    this.editor.pointerDown(this.at(x, y, options));
    await flush();
  }

  async release(x: number, y: number, options?: PointerOptions): Promise<void> {
    this.editor.pointerUp(this.at(x, y, options));
    await flush();
  }

  async click(x: number, y: number, options?: PointerOptions): Promise<void> {
    await this.press(x, y, options);
    await this.release(x, y, options);
  }

  async drag(from: [number, number], to: [number, number], options?: PointerOptions): Promise<void> {
    await this.press(...from, options);
    this.editor.pointerMove(this.at(...to, options));
    await this.release(...to, options);
  }

  /** Press, move and release along a path. */
  async stroke(path: readonly (readonly [number, number])[], options?: PointerOptions): Promise<void> {
    const [from = [0, 0], ...rest] = path;
    await this.press(...from, options);
    for (const to of rest) this.editor.pointerMove(this.at(...to, options));
    await this.release(...(rest.at(-1) ?? from), { ...options, pressure: 0 });
  }

  /** The system takes the pointer away. */
  async losePointer(): Promise<void> {
    this.editor.pointerCancel();
    await flush();
  }

  /** The mask of an annotation, which must be there. */
  maskOf(id: string): FullMask {
    const found = this.sees.annotations.find((one) => one.id === id);
    if (!found) throw new Error(`There is no annotation ${id}.`);
    return found.mask;
  }

  /** Chords as in keys.ts; those that no enabled command takes do nothing, as on the page. */
  async key(...chords: string[]): Promise<void> {
    for (const chord of chords) commandFor(chord, this.editor)?.run(this.editor);
    await flush();
  }

  private at(x: number, y: number, options: PointerOptions = {}): PointerInput {
    return { x, y, ...MOUSE, scale: 1, ...options };
  }
}

/** An accepted annotation whose mask is a filled rectangle of a 100 x 80 image. */
export function annotation(id: string, [x0, y0, x1, y1]: readonly number[] = [0, 0, 10, 10]): Annotation {
  const bitmap: Bitmap = { width: 100, height: 80, data: new Uint8Array(8000) };
  const [left = 0, top = 0, right = 0, bottom = 0] = [x0, y0, x1, y1];
  for (let y = top; y < bottom; y += 1) bitmap.data.fill(1, y * 100 + left, y * 100 + right);
  const [width, height] = [right - left, bottom - top];
  return {
    id,
    categoryId: 11,
    mask: { segmentation: encodeMask(bitmap), bbox: [left, top, width, height], area: width * height },
    attributes: {},
    parentId: null,
    layer: 0,
    provenance: {
      source: 'model',
      encoder_digest: 'e',
      decoder_digest: 'd',
      prompts: [],
      token: 0,
      predicted_iou: 0.9,
      stability: 0.9,
      threshold: 0,
      edits: [],
      seconds: 1,
    },
    version: 1,
  };
}
