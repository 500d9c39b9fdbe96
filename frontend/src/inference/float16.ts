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

/** Half floats (their bits, in the machine's byte order) to single precision. */
export function decodeFloat16(halves: Uint16Array): Float32Array {
  const values = valueTable();
  const out = new Float32Array(halves.length);
  for (let i = 0; i < out.length; i += 1) out[i] = values[halves[i] ?? 0] ?? 0;
  return out;
}
