/**
 * What the quick test looks for; quick_test.rs says what each of it is, and `cargo xtask build` writes it from the profiles.
 * The names are short because every page reads them.
 */
interface Patterns {
  /** Methods, in upper case. */
  m: string[];
  /** Marks, in lower case. */
  k: string[];
  /** Addresses: host and path, with anything where a star stands. */
  a: string[];
  /** Sockets. */
  s: SocketPattern[];
  /** Calls: functions of the vendors' scripts. */
  c?: CallPattern[];
}
interface SocketPattern {
  /** Addresses. */
  a: string[];
  /** Query parameters that it has. */
  q?: string[];
  /** What a frame that is sent has in it where it is worth a look. */
  s: string[];
  /** What a frame that is heard has in it where it is worth telling. */
  h?: string[];
  /** What marks the service's announcement of a session. */
  n?: string[];
}
interface CallPattern {
  /** The function's name from `window` on, with dots between. */
  n: string;
  /** What the addresses of scripts that bring it have in them. */
  s: string[];
  /** When a call might hand over attributes: lists, all of at least one must hold, of a position and the texts that may stand there; any, if missing. */
  w?: [number, ...string[]][][];
  /** Whether no call of it may wait. */
  o?: boolean;
}
/** The patterns of the profiles that come with this build. */
declare const BUILT_IN: Patterns;
/** Headers that sign a body or bring a token, in lower case, each with a colon and how its value begins then; see candidate.rs. */
declare const SIGNATURES: string[];
/** More than this many UTF-16 code units of a body stay in the page; see candidate.rs. */
declare const MAX_BODY_CHARACTERS: number;
