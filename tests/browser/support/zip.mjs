// @ts-check
/** Reads from a zip's directory how large its files are. */

const END_OF_DIRECTORY = 0x06054b50;
const ENTRY = 0x02014b50;
/** Without the comment that may follow it. */
const END_BYTES = 22;
const ENTRY_BYTES = 46;

/**
 * The size in bytes, unpacked, of each file in a zip, by its path.
 * @param {Buffer} zip
 * @returns {Map<string, number>}
 */
export function sizesInZip(zip) {
  const end = endOfDirectory(zip);
  const count = zip.readUInt16LE(end + 10);
  const sizes = new Map();
  for (let entry = zip.readUInt32LE(end + 16), index = 0; index < count; index += 1) {
    if (zip.readUInt32LE(entry) !== ENTRY) {
      throw new Error(`the zip's directory is damaged at byte ${entry}`);
    }
    const nameBytes = zip.readUInt16LE(entry + 28);
    const name = zip.toString("utf8", entry + ENTRY_BYTES, entry + ENTRY_BYTES + nameBytes);
    sizes.set(name, zip.readUInt32LE(entry + 24));
    entry += ENTRY_BYTES + nameBytes + zip.readUInt16LE(entry + 30) + zip.readUInt16LE(entry + 32);
  }
  return sizes;
}

/** @param {Buffer} zip */
function endOfDirectory(zip) {
  for (let at = zip.length - END_BYTES; at >= 0; at -= 1) {
    if (zip.readUInt32LE(at) === END_OF_DIRECTORY) {
      return at;
    }
  }
  throw new Error("this is no zip: it has no directory");
}
