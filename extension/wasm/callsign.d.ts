/** What `src/context/` exports, as wasm-bindgen writes it. */
export default function load(options: { module_or_path: string }): Promise<unknown>;
export function background_start(): Promise<void>;
export function background_hear(text: string, sender: string, home: string, now: number): Promise<string> | string;
export function background_notice(what: string, origins: string): void;
export function popup(): Promise<void>;
export function panel(): Promise<void>;
