/** Embeddings travel and rest as IEEE half floats; the decoder wants single precision. */

let table: Float32Array | null = null;

/** Value of one half float, given by its 16 bits: sign, 5 bits of exponent, 10 bits of fraction. */
export function halfToFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction ? NaN : sign * Infinity;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** All 65,536 values: one lookup an element turns a 2 MiB embedding in about a millisecond. */
function valueTable(): Float32Array {
  table ??= Float32Array.from({ length: 0x10000 }, (_, bits) => halfToFloat(bits));
  return table;
}

const buffer = new DataView(new ArrayBuffer(4));

/** The nearest half float, its 16 bits; what is too large becomes the largest there is, what is too small 0. */
export function floatToHalf(value: number): number {
  buffer.setFloat32(0, value);
  const bits = buffer.getUint32(0);
  const sign = (bits >>> 16) & 0x8000;
  const magnitude = (bits & 0x7fffffff) - 0x38000000; // the exponent's bias is 127 there, 15 here
  const rounded = (magnitude + 0xfff + ((magnitude >>> 13) & 1)) >> 13;
  return sign | Math.min(0x7bff, magnitude < 0x800000 ? Math.round(Math.abs(value) * 2 ** 24) : rounded);
}

export function encodeFloat16(values: Float32Array): Uint16Array {
  return Uint16Array.from(values, floatToHalf);
}

/** Half floats (their bits, in the machine's byte order) to single precision. */
export function decodeFloat16(halves: Uint16Array): Float32Array {
  const values = valueTable();
  const out = new Float32Array(halves.length);
  for (let i = 0; i < out.length; i += 1) out[i] = values[halves[i] ?? 0] ?? 0;
  return out;
}
