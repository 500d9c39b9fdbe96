/** A mask blurred where it is asked for: down its columns first, then across, with few columns kept at a time. */
import { measureRuns } from './mask';
import type { Runs } from './rle';
import { forEachSpan } from './spans';
import type { Size } from './types';

/** Beyond the image the mask goes on as at the edge. */
export class BlurredColumns {
  /** The value where all pixels around are set. */
  readonly most: number;
  private readonly total: number;
  private readonly reach: number;
  /** Rows that can be other than 0: from `top`, so many. */
  private readonly top: number;
  private readonly rows: number;
  /** Tops and bottoms of the spans by column. */
  private readonly spans = new Map<number, number[]>();
  /** Columns that are blurred already; null: all 0. */
  private readonly blurred = new Map<number, Int32Array | null>();

  /** `weights` by distance from the pixel; the same in both directions. */
  constructor(
    runs: Runs,
    private readonly size: Size,
    private readonly weights: Int32Array,
  ) {
    this.reach = weights.length - 1;
    this.total = weights.reduce((sum, weight) => sum + 2 * weight, -(weights[0] ?? 0));
    this.most = this.total ** 2;
    const [, y, , height] = measureRuns(runs, size.height).bbox;
    this.top = Math.max(y - this.reach, 0);
    this.rows = Math.min(y + height + this.reach, size.height) - this.top;
    forEachSpan(runs, size.height, (x, top, bottom) => {
      const spans = this.spans.get(x);
      if (spans) spans.push(top, bottom);
      else this.spans.set(x, [top, bottom]);
    });
  }

  /** Values of rows `top` to `bottom` of column x, no further from the mask than the weights reach. x must not fall. */
  around(x: number, top: number, bottom: number): Float64Array {
    this.forgetBefore(x - this.reach);
    const values = new Float64Array(bottom - top);
    for (let offset = -this.reach; offset <= this.reach; offset += 1) {
      const column = this.column(Math.min(Math.max(x + offset, 0), this.size.width - 1));
      if (column) addWeighted(values, column, top - this.top, this.weights[Math.abs(offset)] ?? 0);
    }
    return values;
  }

  /** Columns were added from left to right. */
  private forgetBefore(x: number): void {
    for (const column of this.blurred.keys()) {
      if (column >= x) return;
      this.blurred.delete(column);
    }
  }

  private column(x: number): Int32Array | null {
    const known = this.blurred.get(x);
    if (known !== undefined) return known;
    const spans = this.spans.get(x);
    const column = spans ? this.blurDown(spans) : null;
    this.blurred.set(x, column);
    return column;
  }

  /** Notes by how much the blurred column rises at each row, then sums up. */
  private blurDown(spans: readonly number[]): Int32Array {
    const column = new Int32Array(this.rows);
    spans.forEach((edge, i) => {
      if (edge === 0) column[0] = this.total;
      else if (edge < this.size.height) this.addEdge(column, edge - this.top, i % 2 === 0 ? 1 : -1);
    });
    for (let row = 1; row < column.length; row += 1) {
      column[row] = (column[row] ?? 0) + (column[row - 1] ?? 0);
    }
    return column;
  }

  /** A step between rows `edge` - 1 and `edge`, spread by the weights; what rises before the first row is there at once. */
  private addEdge(column: Int32Array, edge: number, sign: 1 | -1): void {
    const end = Math.min(edge + this.reach + 1, column.length);
    for (let row = edge - this.reach; row < end; row += 1) {
      const at = Math.max(row, 0);
      column[at] = (column[at] ?? 0) + sign * (this.weights[Math.abs(row - edge)] ?? 0);
    }
  }
}

function addWeighted(values: Float64Array, column: Int32Array, start: number, weight: number): void {
  for (let i = 0; i < values.length; i += 1) {
    values[i] = (values[i] ?? 0) + weight * (column[start + i] ?? 0);
  }
}
