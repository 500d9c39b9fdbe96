/**
 * Where each mask's words lie in one long array, which mirrors a texture. Masks are added at the end; the holes that
 * deleted ones leave are closed when the end is reached, which is rare.
 */
import { MessageError } from '../i18n/message';

/** Rows of the mirrored texture, `first` to before `end`, that changed; `all` when everything moved. */
export interface Changed {
  readonly first: number;
  readonly end: number;
  readonly all: boolean;
}

const INITIAL_ROWS = 8;

export class WordHeap {
  /** `rows * width` words. */
  words: Uint32Array;
  private readonly blocks = new Map<string, { start: number; length: number }>();
  private end = 0;
  private live = 0;

  /** `width` and `maxRows` are those of the texture. */
  constructor(
    readonly width: number,
    private readonly maxRows: number,
  ) {
    this.words = new Uint32Array(width * INITIAL_ROWS);
  }

  get rows(): number {
    return this.words.length / this.width;
  }

  startOf(id: string): number | undefined {
    return this.blocks.get(id)?.start;
  }

  remove(id: string): void {
    const block = this.blocks.get(id);
    if (!block) return;
    this.blocks.delete(id);
    this.live -= block.length;
  }

  /** Replaces the block of that id if there is one. Throws when the texture cannot grow any further. */
  add(id: string, words: Uint32Array): Changed {
    this.remove(id);
    const all = this.end + words.length > this.words.length;
    if (all) this.makeRoom(words.length);
    const start = this.end;
    this.words.set(words, start);
    this.blocks.set(id, { start, length: words.length });
    this.end += words.length;
    this.live += words.length;
    return all ? { first: 0, end: this.rows, all } : { ...this.rowsOf(start, this.end), all };
  }

  private rowsOf(start: number, end: number): { first: number; end: number } {
    return { first: Math.floor(start / this.width), end: Math.ceil(end / this.width) };
  }

  /** Packs the blocks together, in an array twice as long as what is needed. */
  private makeRoom(length: number): void {
    const needed = this.live + length;
    const rows = Math.min(Math.max(Math.ceil((needed * 2) / this.width), INITIAL_ROWS), this.maxRows);
    if (needed > rows * this.width) throw new MessageError({ key: 'errors:graphics.full' });
    const packed = new Uint32Array(rows * this.width);
    let end = 0;
    for (const block of this.blocks.values()) {
      packed.set(this.words.subarray(block.start, block.start + block.length), end);
      block.start = end;
      end += block.length;
    }
    this.words = packed;
    this.end = end;
  }
}
