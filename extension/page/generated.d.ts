/** The ends of paths that might be a start: `cargo xtask build` writes it from the profiles. */
declare const PATH_ENDS: string[];
