/**
 * What the quick test looks for; quick_test.rs says what each of it is, and `cargo xtask build` writes it from the profiles.
 */
interface Patterns {
  /** In upper case. */
  methods: string[];
  /** In lower case. */
  marks: string[];
  /** Each the pieces that host and path have, in this order, from beginning to end. */
  addresses: string[][];
  sockets: SocketPattern[];
  /** Functions of the vendors' scripts; `when` has lists, all of at least one must hold, of a position and the texts that may stand there. */
  calls: { path: string[]; scripts: string[]; when: string[][][] }[];
}
/** What a frame has in it that is worth a look (sent or heard), and what marks the service's announcement of a session. */
interface SocketPattern {
  at: string[][];
  query: string[];
  sent: string[];
  heard: string[];
  session: string;
}
/** The patterns of the profiles that come with this build. */
declare const BUILT_IN: Patterns;
/** Headers that sign a body, in lower case; see candidate.rs. */
declare const SIGNATURES: string[];
/** More than this many UTF-16 code units of a body stay in the page; see candidate.rs. */
declare const MAX_BODY_CHARACTERS: number;
