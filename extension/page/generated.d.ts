/** Methods that might be a start, in upper case: `cargo xtask build` writes all of these from the profiles. */
declare const METHODS: string[];
/** The ends of paths that might be a start. */
declare const PATH_ENDS: string[];
/**
 * Sockets that might carry a start: the end of the path, the query parameters that must be there, what a frame has in
 * it that is worth a look (sent or heard), and what marks the service's announcement of a session.
 */
declare const SOCKETS: { end: string; query: string[]; sent: string[]; heard: string[]; session: string }[];
/** More than this many UTF-16 code units of a body stay in the page; see candidate.rs. */
declare const MAX_BODY_CHARACTERS: number;
