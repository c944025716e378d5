/** What `src/context/` exports, as wasm-bindgen writes it. */
export default function load(options: { module_or_path: string }): Promise<unknown>;
/** A new instance in place of one that has trapped. */
export function __wbg_reset_state(): void;
export function background_start(baked: Promise<string>, local: Promise<object>): Promise<void>;
export function background_hear(
  text: string,
  carried: Uint8Array | undefined,
  sender: string,
  home: string,
  now: number,
): Promise<string> | string;
export function background_notice(what: string, origins: string): void;
export function popup(baked: Promise<string>): Promise<void>;
export function options(baked: Promise<string>): Promise<void>;
export function panel(words: Promise<string>): Promise<void>;
