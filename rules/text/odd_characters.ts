// Characters that look like a blank, a quote or a hyphen and are none: word processors and web pages put them there.
// In: a text. Out: the first of them with its name and what it should be.

export interface OddCharacter {
  /** offset in the text */
  readonly at: number;
  /** `a no-break space (U+00A0)` */
  readonly name: string;
  /** what is meant, in words */
  readonly instead: string;
  readonly isBlank: boolean;
}

const BLANK = "an ordinary blank", NOTHING = "nothing", DOUBLE = 'the quote `"`', SINGLE = "the quote `'`";
const HYPHEN = "the hyphen `-`";

const KNOWN: Readonly<Record<string, readonly [name: string, instead: string]>> = {
  "\u00a0": ["no-break space", BLANK],
  "\u2003": ["em space", BLANK],
  "\u2009": ["thin space", BLANK],
  "\u202f": ["narrow no-break space", BLANK],
  "\u3000": ["ideographic space", BLANK],
  "\u200b": ["zero-width space", NOTHING],
  "\u2060": ["word joiner", NOTHING],
  "\ufeff": ["byte order mark", NOTHING],
  "\u201c": ["left double quotation mark", DOUBLE],
  "\u201d": ["right double quotation mark", DOUBLE],
  "\u201e": ["low double quotation mark", DOUBLE],
  "\u2018": ["left single quotation mark", SINGLE],
  "\u2019": ["right single quotation mark", SINGLE],
  "\u2013": ["en dash", HYPHEN],
  "\u2014": ["em dash", HYPHEN],
  "\u2212": ["minus sign", HYPHEN],
};

const ANY = new RegExp(`[${Object.keys(KNOWN).join("")}]`, "u");

export function oddCharacter(text: string): OddCharacter | undefined {
  const at = text.search(ANY);
  if (at < 0) return undefined;
  const char = text[at]!;
  const [name, instead] = KNOWN[char]!;
  const code = char.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0");
  return {
    at,
    name: `${/^[aeiou]/.test(name) ? "an" : "a"} ${name} (U+${code})`,
    instead,
    isBlank: instead === BLANK || instead === NOTHING,
  };
}

/** One clause for a place where something cannot be read. */
export function oddCharacterHint(text: string): string | undefined {
  const odd = oddCharacter(text);
  return odd && `there is ${odd.name} here: write ${odd.instead} in its place`;
}
