// How messages for other programs name this one.

export { VERSION as PRODUCT_VERSION } from "../../base/mod.ts";
export const PRODUCT = "falco";
/** Formats that ask for a vendor: readers look for the name under which these alerts are known. */
export const VENDOR = "Falco";
