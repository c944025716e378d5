// @ts-check
/**
 * Bodies: read into the form in which a candidate carries them, and made
 * again from a verdict's. What a body says is for Rust to find out.
 */

const [blobSize, blobText] = own(Blob, "size text");
const [bufferByteLength, bufferSlice] = own(ArrayBuffer, "byteLength slice");
const [formAppend, formForEach] = own(FormData, "append forEach");
const [paramsHas, paramsText] = own(URLSearchParams, "has toString");
const [encoderEncode] = own(TextEncoder, "encode");
const { fromCharCode } = String;
const encoder = new TextEncoder();

/** @type {CarriedBody} */
const NOTHING = bare({ kind: "nothing" });

/** What bodies carry, beside which they are told. */
const carriedTexts = new WeakMap();

/**
 * @param {any} body
 * @returns {string | undefined} nothing where it carries nothing
 */
const carriedText = (body) => weakGet(carriedTexts, body);

/**
 * @param {CarriedBody} body
 * @param {string} text
 */
const carrying = (body, text) => {
  weakSet(carriedTexts, body, text);
  return bare(body);
};

/**
 * Whether the background may edit a body, as far as its kind tells.
 * @param {any} body as it is carried
 */
const isCarried = (body) => body === NOTHING || isText(carriedText(body));

/** @param {any} data */
const isBlob = (data) => attempt(blobSize, data) !== undefined;

/** This many characters are made of bytes in one call: more arguments than engines take are not given. */
const CHUNK = 8192;

/** What a part of a form takes beside its name and value, at most, in bytes. */
const PART_BYTES = 256;

/**
 * @typedef {[size: (body: any) => number, copy: (body: any) => any, isText?: boolean]} Kind
 */

/**
 * @param {any} type a class of objects that show a part of a buffer
 * @returns {Kind}
 */
const ofViews = (type) => {
  const [buffer, start, length] = own(type, "buffer byteOffset byteLength");
  return [length, (view) => new NativeUint8Array(bufferSlice(buffer(view), start(view), start(view) + length(view)))];
};

/**
 * The kinds of object that are read: about how many bytes one has, which
 * throws for any other object, and a copy that the page cannot change; last
 * whether a socket sends it as text.
 * @type {Kind[]}
 */
const KINDS = [
  [blobSize, (body) => body],
  [bufferByteLength, (body) => bufferSlice(body, 0)],
  ofViews(getPrototypeOf(Uint8Array)),
  ofViews(DataView),
  [(body) => paramsText(body).length, (body) => new NativeURLSearchParams(paramsText(body)), true],
  [(body) => formSize(body), (body) => copyOfForm(body), true],
];

/** @param {any} form */
const formSize = (form) => {
  let size = 0;
  formForEach(form, (/** @type {any} */ value) => (size += PART_BYTES + (isText(value) ? value.length : blobSize(value))));
  return size;
};

/** @param {any} form */
const copyOfForm = (form) => {
  const copy = new NativeFormData();
  formForEach(form, (/** @type {any} */ value, /** @type {string} */ name) => formAppend(copy, name, value));
  return copy;
};

/**
 * @param {unknown} body
 * @returns {Kind | undefined} nothing where it is of none that is read
 */
const kindOf = (body) => {
  /** @type {Kind | undefined} */
  let found;
  some(KINDS, (kind) => attempt(kind[0], body) !== undefined && (found = kind));
  return found;
};

/**
 * About how many bytes an object has; nothing where it is of no kind that is read.
 * @param {unknown} body
 */
const sizeOf = (body) => kindOf(body)?.[0](body);

/**
 * How many bytes a body has.
 * @param {any} body
 * @returns {any} nothing where it is of no kind that is read
 */
const byteSize = (body) => (body == null ? 0 : isText(body) ? encoderEncode(encoder, body).length : sizeOf(body));

/**
 * The body as it is carried, where it is at hand; nothing where it must be
 * read first.
 * @param {any} body
 * @returns {CarriedBody | undefined}
 */
const atHand = (body) => {
  if (body == null) {
    return NOTHING;
  }
  if (isText(body)) {
    return body.length > MAX_BODY_CHARACTERS ? tooLarge(body.length) : whole(textToWellFormed(body));
  }
  const size = sizeOf(body);
  return size === undefined ? unsupported(body) : size > MAX_BODY_CHARACTERS ? tooLarge(size) : undefined;
};

/**
 * An object as it is at this moment: a copy to send, the content type that it
 * brings by itself, and its bytes.
 * @param {any} body of a kind that is read
 */
const opened = (body) => {
  const copy = kindOf(body)?.[1](body);
  const response = new NativeResponse(copy);
  const mime = headerGet(responseHeaders(response), "content-type");
  return bare({ copy, mime, read: () => responseArrayBuffer(response) });
};

/**
 * A body that goes out later: what is at hand stays as it is, and all else is opened.
 * @param {any} body
 * @param {CarriedBody | undefined} known
 * @returns {{known?: CarriedBody, copy: any, mime: string | null, read?: () => Promise<ArrayBuffer>}}
 */
const kept = (body, known) =>
  known ? bare({ known, copy: body, mime: isText(body) ? "text/plain;charset=UTF-8" : null }) : opened(body);

/**
 * Bytes as they are carried: as text, and where they are none a character a byte.
 * @param {ArrayBuffer} buffer
 * @returns {CarriedBody}
 */
const carriedBytes = (buffer) => {
  const length = bufferByteLength(buffer);
  if (length > MAX_BODY_CHARACTERS) {
    return tooLarge(length);
  }
  const text = textOfBytes(buffer);
  if (isText(text)) {
    return whole(text);
  }
  let bytes = "";
  for (let start = 0; start < length; start += CHUNK) {
    bytes += apply(fromCharCode, null, new NativeUint8Array(bufferSlice(buffer, start, start + CHUNK)));
  }
  return carrying({ kind: "binary", bytes: "" }, bytes);
};

/**
 * @param {any} data
 * @returns {string | undefined} nothing where it is no bytes, or they are no text
 */
const textOfBytes = (data) =>
  attempt((bytes) => decoderDecode(new NativeTextDecoder("utf-8", { fatal: true, ignoreBOM: true }), bytes), data);

/**
 * The bytes of a verdict's body, which has the form of the candidate's.
 * @param {string} body
 * @param {CarriedBody} carried
 * @returns {Uint8Array<ArrayBuffer>}
 */
const bytesOf = (body, carried) => {
  if (carried.kind !== "binary") {
    return encoderEncode(encoder, body);
  }
  const bytes = new NativeUint8Array(body.length);
  for (let index = 0; index < body.length; index++) {
    bytes[index] = textCharCodeAt(body, index);
  }
  return bytes;
};

/**
 * @param {string} text
 * @returns {CarriedBody}
 */
const whole = (text) => carrying({ kind: "text", text: "" }, text);

/**
 * @param {number} characters
 * @returns {CarriedBody}
 */
const tooLarge = (characters) => bare({ kind: "tooLarge", characters });

/**
 * A body of a kind that is shown and never edited.
 * @param {any} body
 * @returns {CarriedBody}
 */
const unsupported = (body) => {
  // A page's own object may refuse to be asked.
  const name = attempt(() => textSlice(`${body.constructor.name}`, 0, 64), body);
  return bare({ kind: "unsupported", name: name ?? "object" });
};
