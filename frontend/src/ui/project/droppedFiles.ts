import { naturalOrder } from '../kit/text';

/**
 * All files of a drop, those inside dropped folders too, in the natural order of their paths: a folder is read in any
 * order. Must be called while the drop event is handled.
 */
export async function droppedFiles(transfer: DataTransfer): Promise<File[]> {
  const dropped = [...transfer.items]
    .map((item) => item.webkitGetAsEntry())
    .filter((entry) => entry !== null);
  const entries = (await Promise.all(dropped.map(leavesOf))).flat();
  entries.sort((a, b) => naturalOrder(a.fullPath, b.fullPath));
  return Promise.all(entries.map(fileOf));
}

async function leavesOf(entry: FileSystemEntry): Promise<FileSystemFileEntry[]> {
  if (entry.isFile) return [entry as FileSystemFileEntry];
  const children = await childrenOf((entry as FileSystemDirectoryEntry).createReader());
  return (await Promise.all(children.map(leavesOf))).flat();
}

const fileOf = (entry: FileSystemFileEntry): Promise<File> =>
  new Promise((resolve, reject) => entry.file(resolve, reject));

/** A reader hands out a folder in portions; an empty one is the end. */
async function childrenOf(reader: FileSystemDirectoryReader): Promise<FileSystemEntry[]> {
  const portion = await new Promise<FileSystemEntry[]>((resolve, reject) =>
    reader.readEntries(resolve, reject),
  );
  return portion.length === 0 ? [] : [...portion, ...(await childrenOf(reader))];
}
