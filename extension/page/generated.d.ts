/** The ends of paths that might be a start: `cargo xtask build` writes it from the profiles. */
declare const PATH_ENDS: string[];
/** More than this many UTF-16 code units of a body stay in the page; see candidate.rs. */
declare const MAX_BODY_CHARACTERS: number;
