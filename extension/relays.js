// @ts-check
/** The servers that the reader said forward mail, and the senders that the reader trusts. */
import { Named } from "./named.js";

/** A host name or an address as the host offers them. */
const RELAY = /^[a-z0-9._:-]{1,253}$/;
/** A mail address, or a domain of at least two labels; letters of any language. What it means is the host's to judge. */
const SENDER = /^(?:[^\s@<>(),;:"\\]{1,64}@)?[\p{L}\p{N}_-]+(?:\.[\p{L}\p{N}_-]+)+$/u;

export class Relays extends Named {
  /** @param {Sekisho.StorageArea} storage @param {() => void} changed */
  constructor(storage, changed) {
    super(storage, "relays", RELAY, changed);
  }
}

export class TrustedSenders extends Named {
  /** @param {Sekisho.StorageArea} storage @param {() => void} changed */
  constructor(storage, changed) {
    super(storage, "trusted_senders", SENDER, changed);
  }
}
