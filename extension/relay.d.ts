/** What own_patterns.js leaves for the relay, where it runs: a tester's own patterns, as they are stored. */
declare const callsignOwn: Promise<{ ownPatterns?: string }>;
