// How events of older captures become current events: which parameters were added, and where they come from.
// In: nothing. Out: `CONVERSIONS`, and `renderConversions()`, the same as static data of the matcher.
// Elsewhere: the converting (assembly/convert/), the events and their parameters (schema/events.ts).
//
// A line is about an event of one type with one number of parameters:
//
//   CODE PARAMS store           an enter event: kept for its exit event, and shown to nobody
//   CODE PARAMS keep            kept, and goes on its way
//   CODE PARAMS pass            goes on its way
//   CODE PARAMS + SOURCES       gets more parameters
//   CODE PARAMS > CODE SOURCES  becomes an event of another type, all of whose parameters are listed
//
// A source is o3, parameter 3 of the event itself; e3, of its enter event, or the type's default when that is not known;
// E3, the same, or empty; 0, the default; -, empty; json, the four parameters of a container as JSON. o0-3 is o0 o1 o2 o3,
// -*3 is - - -. What comes out is looked up again: captures of 2016 take several steps to today.

export type ConversionAction = "store" | "pass" | "keep" | "convert";
export type SourceKind = "old" | "enter" | "enter or empty" | "empty" | "default" | "container json";

export interface ConversionSource {
  readonly kind: SourceKind;
  readonly param: number;
}

export interface Conversion {
  readonly code: number;
  readonly params: number;
  readonly action: ConversionAction;
  readonly newCode: number;
  readonly sources: readonly ConversionSource[];
}

const TABLE = `
0 2 store
1 1 + E1
2 0 + -*3
2 3 pass
3 4 + -
3 5 + -
4 1 store
5 1 + e0
6 2 store
7 2 + e0-1
8 2 store
9 2 + e0-1
10 1 store
11 1 > 159 o0 E0 -*3
12 0 > 154
13 8 > 155 o0-7 -*5
15 11 > 157 o0-7 -*5 o8-10
16 0 > 186 -*5
18 3 store
19 1 + e0-2
19 4 + 0
20 1 store
21 2 + e0
22 1 + 0
22 2 keep
23 2 + e0
23 3 + e1
24 2 store
25 1 + e0-1
27 3 > 247 o0-2 0*2
28 2 store
29 2 + e0-1 0
30 3 store
31 2 + e0-2
32 2 store
33 2 + e0-1 0
34 2 store
35 3 + e0-1
36 2 store
37 1 + e0-1
42 3 store
43 5 + e0-2
48 3 store
49 2 + e0-2
51 0 + 0 -*4
52 1 store
53 4 + 0
53 5 + e0
55 0 + 0 -*5
56 1 store
57 3 > 389 o0-2 0*2 e0
58 0 + -*2
58 2 pass
59 3 + -
59 4 + -
59 5 + -
62 2 store
63 1 + e0-1
64 3 store
65 1 + e0-2
70 1 store
71 1 + e0
78 1 store
79 1 + e0
80 2 store
81 2 + e1
85 1 > 83 o0
86 3 store
87 1 + e0-2
88 3 store
89 1 + e0-2
90 2 store
91 1 > 171 o0 E0-1 -
96 1 store
97 1 + E0
98 2 store
99 1 > 277 o0 E0-1
100 1 store
101 1 > 279 o0 E0
102 4 store
103 1 > 307 o0 E0-3 -*2
104 2 store
105 1 > 309 o0 E0-1
106 4 store
107 1 > 311 o0 E0-3 -
108 1 store
109 1 > 301 o0 E0
110 2 store
111 1 > 303 o0 E0-1 -
112 3 store
113 2 + e0-2
114 3 store
115 2 + e0-2
116 1 store
117 3 + e0
118 2 store
119 2 + e0-1
120 2 store
121 3 + e0-1
122 3 store
123 2 + e0-2
124 1 store
125 1 > 367 o0 E0
126 3 store
127 1 + e0-2
128 2 store
129 1 + e0-1
130 2 store
131 1 + e0-1
132 3 store
133 1 + e0-2
134 1 store
135 1 + e0
136 2 store
137 1 + e0-1
138 1 store
139 1 + e0
140 1 store
141 3 + e0
142 1 store
143 3 + e0
144 2 store
145 5 + E0-1
146 1 > 152 o0 -*5
150 2 store
151 1 + e0-1
151 3 + 0
154 0 > 172
155 13 > 173 o0-12 -
157 16 > 217 o0-12 - o13-15
158 1 store
159 4 + E0
160 6 store
161 4 + e0-5
162 6 store
163 4 + e0-5
164 2 store
165 4 + e0-1
166 4 store
167 1 + e0-3
168 2 store
169 0 + -*3
169 3 + E0-1
170 3 store
171 1 + e0-2
172 0 > 214
173 14 > 215 o0-12 - o13
183 16 > 219 o0-12 - o13-15
185 16 > 221 o0-12 - o13-15
188 4 store
189 2 + e0-1 e3
190 4 store
191 14 + e0-3
192 3 store
193 1 + E0-2
194 3 store
195 1 + E0-2
198 1 store
199 1 + E0
200 1 store
201 1 + E0
214 0 > 230
215 15 > 231 o0-13 - o14
217 17 > 223 o0-13 - o14-16 -*2
219 17 > 225 o0-13 - o14-16 -*2
221 17 > 227 o0-13 - o14-16 -*2
223 20 + -
225 20 + -
227 20 + -
228 4 > 272 json
230 0 > 282
231 16 > 283 o0-15 -
236 1 store
237 1 + e0
238 1 store
239 1 + e0
240 2 store
241 1 + E0-1
242 2 store
243 1 + e0-1
248 1 store
249 5 > 389 o0-4 e0
250 1 store
251 8 + e0
252 4 store
253 1 + e0-3
254 3 store
255 2 + e1-2
256 1 store
257 4 + e0
259 2 > 387 o0-1
262 3 store
263 1 + e0-2
264 1 store
265 2 + e0
272 1 > 324 o0
276 1 store
277 2 + E0
282 0 > 288 -
283 17 > 289 o0-16
284 1 store
285 1 + e0
288 1 > 292 o0
289 17 > 293 o0-16 -
292 1 keep
293 18 + -
293 19 + -
293 20 + -*3
293 23 + -*3
293 26 + -
293 27 + -
293 28 + -
293 29 + -
293 30 + E0
294 2 store
295 1 + E0-1
296 1 store
297 1 > 369 o0 E0
298 1 + 0
298 2 store
299 1 + e0-1
306 0 + -*4
306 4 pass
307 5 + -
307 6 + -
326 0 + -*5
326 5 pass
327 6 + -*2
328 3 store
329 1 + e0-2
330 3 pass
331 19 + -
331 20 + -*3
331 23 + -*3
331 26 + -
331 27 + -
331 28 + -
331 29 + -
332 3 store
333 3 + e0-2
335 20 + -
374 1 store
375 1 + e0
376 1 store
377 1 + e0
388 1 store
389 5 + e0
390 1 store
391 2 + e0
396 1 store
397 2 + e0
398 2 store
399 2 + e0-1
`;

const ACTIONS: readonly ConversionAction[] = ["store", "pass", "keep", "convert"];
const KINDS: readonly SourceKind[] = ["old", "enter", "enter or empty", "empty", "default", "container json"];
const LETTERS: Readonly<Record<string, SourceKind>> = { o: "old", e: "enter", E: "enter or empty" };
const WORDS: Readonly<Record<string, SourceKind>> = { "-": "empty", "0": "default", json: "container json" };

function parseSources(word: string): ConversionSource[] {
  const range = /^([oeE])(\d+)(?:-(\d+))?$/.exec(word);
  if (range !== null) {
    const [, letter = "", from = "", to = from] = range;
    const kind = LETTERS[letter]!;
    return Array.from(
      { length: Number(to) - Number(from) + 1 },
      (_, i) => ({ kind, param: Number(from) + i }),
    );
  }
  const [sign = "", times = "1"] = word.split("*");
  const kind = WORDS[sign];
  if (kind === undefined) {
    throw new Error(`Cannot read the table of conversions: the source "${word}" is not known`);
  }
  return Array.from({ length: Number(times) }, () => ({ kind, param: 0 }));
}

function parseConversion(line: string): Conversion {
  const [code = 0, params = 0] = line.split(" ", 2).map(Number);
  const [verb = "", ...rest] = line.split(" ").slice(2);
  if (verb === "+") {
    const own = Array.from({ length: params }, (_, param) => ({ kind: "old" as const, param }));
    return {
      code,
      params,
      action: "convert",
      newCode: code,
      sources: [...own, ...rest.flatMap(parseSources)],
    };
  }
  if (verb === ">") {
    const [newCode, ...sources] = rest;
    return {
      code,
      params,
      action: "convert",
      newCode: Number(newCode),
      sources: sources.flatMap(parseSources),
    };
  }
  const action = ACTIONS.find((known) => known === verb);
  if (action === undefined) throw new Error(`Cannot read the table of conversions: "${line}"`);
  return { code, params, action, newCode: code, sources: [] };
}

/** In the order of codes. */
export const CONVERSIONS: readonly Conversion[] = TABLE.trim().split("\n").map(parseConversion);

/**
 * The text of assembly/generated/conversions.ts. Per code a list of entries, ended by 255: u8 parameters, u8 action,
 * u16 new code, u8 sources, and a byte for each source, kind << 5 | parameter. The index has where each list begins,
 * plus one; 0 = there is none.
 */
export function renderConversions(banner: string, eventCount: number): string {
  const bytes: number[] = [];
  const index = new Array<number>(eventCount).fill(0);
  for (const [code, conversions] of Map.groupBy(CONVERSIONS, ({ code }) => code)) {
    index[code] = bytes.length + 1;
    for (const { params, action, newCode, sources } of conversions) {
      bytes.push(params, ACTIONS.indexOf(action), newCode & 255, newCode >> 8, sources.length);
      for (const { kind, param } of sources) bytes.push(KINDS.indexOf(kind) << 5 | param);
    }
    bytes.push(255);
  }
  const rows = (values: readonly number[]) =>
    Array.from(
      { length: Math.ceil(values.length / 24) },
      (_, row) => `  ${values.slice(row * 24, row * 24 + 24).join(",")},`,
    ).join("\n");
  return `${banner}

export const CONVERSION_INDEX: usize = memory.data<u16>([
${rows(index)}
]);
export const CONVERSION_ENTRIES: usize = memory.data<u8>([
${rows(bytes)}
]);
`;
}
