/** Writes a Brotli sibling (.br) beside every text and WASM file of the build, for a server that only copies bytes. */
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { brotliCompress, constants } from 'node:zlib';

const COMPRESSIBLE = new Set(['.css', '.html', '.js', '.json', '.mjs', '.svg', '.wasm']);
/** Below this a round trip carries the file anyway. */
const MIN_BYTES = 1024;
/** One step below the slow ones: the runtime's 31 MB of WASM take seconds, not minutes. */
const QUALITY = 9;

const compress = promisify(brotliCompress);

/**
 * Returns how many bytes went in and came out.
 *
 * @param {string} path
 */
async function compressFile(path) {
  const bytes = await readFile(path);
  const packed = await compress(bytes, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: QUALITY,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
      // The largest window that every browser reads.
      [constants.BROTLI_PARAM_LGWIN]: 24,
    },
  });
  await writeFile(`${path}.br`, packed);
  return { before: bytes.length, after: packed.length };
}

/** @param {string} path */
async function isWorthIt(path) {
  return COMPRESSIBLE.has(extname(path)) && (await stat(path)).size >= MIN_BYTES;
}

const folder = process.argv[2] ?? 'dist';
const names = await readdir(folder, { recursive: true });
const paths = names.map((name) => join(folder, name));
const chosen = (await Promise.all(paths.map(async (path) => ((await isWorthIt(path)) ? [path] : [])))).flat();
const sizes = await Promise.all(chosen.map(compressFile));
/** @param {'before' | 'after'} when */
const megabytes = (when) => (sizes.reduce((sum, size) => sum + size[when], 0) / 1e6).toFixed(1);
process.stdout.write(
  `${sizes.length} files compressed: ${megabytes('before')} MB to ${megabytes('after')} MB\n`,
);
