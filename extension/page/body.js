// @ts-check
/**
 * Bodies: read into the form in which a candidate carries them, and made
 * again from a verdict's. What a body says is for Rust to find out.
 */

const blobs = own(Blob);
const buffers = own(ArrayBuffer);
const dataViews = own(DataView);
const forms = own(FormData);
const searchParams = own(URLSearchParams);
const textEncoder = own(TextEncoder);
const typedArrays = own(/** @type {any} */ (getPrototypeOf(Uint8Array)));
const { toString: nativeParamsText } = URLSearchParams.prototype;
const { fromCharCode } = String;
const encoder = new TextEncoder();

/** @type {CarriedBody} */
const NOTHING = bare({ kind: "nothing" });

/** This many characters are made of bytes in one call: more arguments than engines take are not given. */
const CHUNK = 8192;

/**
 * The kinds of object that are read: about how many bytes one has, which
 * throws for any other object, and a copy that the page cannot change.
 * @type {[size: (body: any) => number, copy: (body: any) => any][]}
 */
const KINDS = [
  [blobs.size, (body) => body],
  [buffers.byteLength, (body) => buffers.slice(body, 0)],
  [typedArrays.byteLength, (body) => partOf(typedArrays, body)],
  [dataViews.byteLength, (body) => partOf(dataViews, body)],
  [(body) => paramsText(body).length, (body) => new NativeURLSearchParams(paramsText(body))],
  [formSize, copyOfForm],
];

/**
 * @param {ReturnType<typeof own>} views
 * @param {any} view
 */
function partOf(views, view) {
  const start = views.byteOffset(view);
  return new NativeUint8Array(buffers.slice(views.buffer(view), start, start + views.byteLength(view)));
}

/**
 * @param {any} params
 * @returns {string}
 */
function paramsText(params) {
  return apply(nativeParamsText, params, []);
}

/** @param {any} form */
function formSize(form) {
  let size = 0;
  forms.forEach(form, (/** @type {any} */ value) => (size += typeof value === "string" ? value.length : blobs.size(value)));
  return size;
}

/** @param {any} form */
function copyOfForm(form) {
  const copy = new NativeFormData();
  forms.forEach(form, (/** @type {any} */ value, /** @type {string} */ name) => forms.append(copy, name, value));
  return copy;
}

/**
 * About how many bytes an object has; nothing where it is of no kind that is read.
 * @param {unknown} body
 * @returns {number | undefined}
 */
function sizeOf(body) {
  for (let index = 0; index < KINDS.length; index++) {
    const size = attempt(KINDS[index][0], body);
    if (size !== undefined) {
      return size;
    }
  }
  return;
}

/**
 * An object that the page cannot change any more, with the same bytes in it.
 * @param {unknown} body of a kind that is read
 */
function copyOf(body) {
  for (let index = 0; index < KINDS.length; index++) {
    if (attempt(KINDS[index][0], body) !== undefined) {
      return KINDS[index][1](body);
    }
  }
}

/**
 * The body as it is carried, where it is at hand; nothing where it must be
 * read first.
 * @param {any} body
 * @returns {CarriedBody | undefined}
 */
function atHand(body) {
  if (body === undefined || body === null) {
    return NOTHING;
  }
  if (typeof body === "string") {
    return body.length > MAX_BODY_CHARACTERS ? tooLarge(body.length) : whole(string.toWellFormed(body));
  }
  const size = sizeOf(body);
  if (size === undefined) {
    return unsupported(body);
  }
  return size > MAX_BODY_CHARACTERS ? tooLarge(size) : undefined;
}

/**
 * About how many bytes an object has is exact for all but forms.
 * @param {unknown} body
 * @returns {number | undefined}
 */
function exactSizeOf(body) {
  return attempt(formSize, body) === undefined ? sizeOf(body) : undefined;
}

/**
 * An object as it is at this moment: a copy to send, the content type that it
 * brings by itself, and its bytes.
 * @param {any} body of a kind that is read; or a text
 */
function opened(body) {
  const copy = copyOf(body);
  const response = new NativeResponse(copy ?? body);
  return { copy, type: headers.get(responses.headers(response), "content-type"), read: () => responses.arrayBuffer(response) };
}

/**
 * Bytes as they are carried: as text, and where they are none a character a byte.
 * @param {ArrayBuffer} buffer
 * @returns {CarriedBody}
 */
function carriedBytes(buffer) {
  const length = buffers.byteLength(buffer);
  if (length > MAX_BODY_CHARACTERS) {
    return tooLarge(length);
  }
  try {
    return whole(textDecoder.decode(new NativeTextDecoder("utf-8", bare({ fatal: true, ignoreBOM: true })), buffer));
  } catch {
    let bytes = "";
    for (let start = 0; start < length; start += CHUNK) {
      const end = start + CHUNK < length ? CHUNK : length - start;
      bytes += apply(fromCharCode, undefined, new NativeUint8Array(buffer, start, end));
    }
    return bare({ kind: "binary", bytes });
  }
}

/**
 * The bytes of a verdict's body, which has the form of the candidate's.
 * @param {string} body
 * @param {CarriedBody} carried
 * @returns {Uint8Array<ArrayBuffer>}
 */
function bytesOf(body, carried) {
  if (carried.kind !== "binary") {
    return textEncoder.encode(encoder, body);
  }
  const bytes = new NativeUint8Array(body.length);
  for (let index = 0; index < body.length; index++) {
    bytes[index] = string.charCodeAt(body, index);
  }
  return bytes;
}

/**
 * @param {string} text
 * @returns {CarriedBody}
 */
function whole(text) {
  return bare({ kind: "text", text });
}

/**
 * @param {number} characters
 * @returns {CarriedBody}
 */
function tooLarge(characters) {
  return bare({ kind: "tooLarge", characters });
}

/**
 * A body of a kind that is shown and never edited.
 * @param {any} body
 * @returns {CarriedBody}
 */
function unsupported(body) {
  // A page's own object may refuse to be asked.
  const name = attempt(() => string.slice(`${body.constructor.name}`, 0, 64), body);
  return bare({ kind: "unsupported", name: name ?? "object" });
}
