// What the operators, transformers and words of a condition do, in one sentence each.
// In: nothing. Out: tables; a test holds them against the operators that the language has.

import type { MODIFIERS, OPERATORS, TRANSFORMERS } from "../../rules/mod.ts";

export const OPERATOR_WORDS: Readonly<Record<typeof OPERATORS[number], string>> = {
  exists: "The field has a value on this event.",
  "=":
    "Both are equal. An address is equal to a network that it is in; `fd.ip` and `fd.port` hold for either end.",
  "==": "The same as `=`.",
  "!=": "Both differ. False when the field has no value: `a != x` is not `not a = x`.",
  "<": "The field is less: numbers, times, sizes.",
  "<=": "The field is less or equal.",
  ">": "The field is greater.",
  ">=": "The field is greater or equal.",
  contains: "The text is somewhere in the field.",
  icontains: "The text is somewhere in the field; ASCII letters match in upper and lower case.",
  bcontains: "The bytes, given as hexadecimal digits, are somewhere in the field.",
  startswith: "The field begins with the text.",
  bstartswith: "The field begins with the bytes, given as hexadecimal digits.",
  endswith: "The field ends with the text.",
  glob: "The whole field matches a pattern of `*`, `?` and `[…]`; `*` matches `/` as well.",
  iglob: "As `glob`; ASCII letters match in upper and lower case.",
  regex: "The whole field matches a regular expression (RE2).",
  in: "The field is one of the values. A field that is a list: all its values are among them.",
  intersects: "At least one value of the field is one of the values.",
  pmatch: "One of the paths is the field, or a folder that the field is in.",
};

export const MODIFIER_WORDS: Readonly<Record<typeof MODIFIERS[number], string>> = {
  oneof: "Holds when it holds for exactly one of the values.",
  anyof: "Holds when it holds for at least one of the values.",
  allof: "Holds when it holds for all of the values.",
};

export const TRANSFORMER_WORDS: Readonly<Record<typeof TRANSFORMERS[number], string>> = {
  tolower: "The text in lower case.",
  toupper: "The text in upper case.",
  b64: "The text that Base64 stands for.",
  basename: "The last part of a path.",
  len: "How long a text is, or how many values a list has.",
  join: 'The values joined by a separator: `join(",", …)`.',
  concat: "The texts one after another.",
  getopt: 'The value of an option of a command line: `getopt(proc.args, "x")[x]`.',
};
