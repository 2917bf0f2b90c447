// A strict reader of Prometheus text 0.0.4, written after its documentation: what a scraper would refuse is thrown.

export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*/;
const LABEL = /^[a-zA-Z_][a-zA-Z0-9_]*/;
const VALUE = /^(?:[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?|NaN|[+-]Inf)$/;
const ESCAPES: Readonly<Record<string, string>> = { n: "\n", '"': '"', "\\": "\\" };

export function parsePrometheus(text: string): { samples: Sample[]; types: Map<string, string> } {
  if (!text.endsWith("\n")) throw new Error("the last line has no end");
  const types = new Map<string, string>();
  const samples: Sample[] = [];
  const seen = new Set<string>();
  const closed = new Set<string>();
  let family = "";
  for (const line of text.slice(0, -1).split("\n")) {
    const [, kind, name = "", rest = ""] = /^# (HELP|TYPE) (\S+) (.*)$/.exec(line) ?? [];
    if (kind === undefined) {
      const sample = parseSample(line);
      if (sample.name !== family) throw new Error(`${sample.name} is among the lines of ${family}`);
      const key = JSON.stringify([sample.name, Object.entries(sample.labels).sort()]);
      if (seen.has(key)) throw new Error(`${line} is there twice`);
      seen.add(key);
      samples.push(sample);
    } else if (kind === "HELP") {
      if (closed.has(name)) throw new Error(`${name} begins twice`);
      closed.add(name);
      family = name;
    } else {
      if (name !== family) throw new Error(`TYPE of ${name} without its HELP`);
      if (!/^(counter|gauge)$/.test(rest)) throw new Error(`${name} has the type ${rest}`);
      types.set(name, rest);
    }
  }
  return { samples, types };
}

function parseSample(line: string): Sample {
  const [name] = NAME.exec(line) ?? [];
  if (name === undefined) throw new Error(`no name: ${line}`);
  const labels: Record<string, string> = {};
  let rest = line.slice(name.length);
  if (rest.startsWith("{")) {
    rest = rest.slice(1);
    while (!rest.startsWith("}")) {
      const [label] = LABEL.exec(rest) ?? [];
      if (label === undefined || rest.slice(label.length, label.length + 2) !== '="') {
        throw new Error(`no label: ${rest} in ${line}`);
      }
      if (label in labels) throw new Error(`${label} is there twice: ${line}`);
      const [value, end] = readValue(rest, label.length + 2);
      labels[label] = value;
      rest = rest.slice(end);
      if (rest.startsWith(",")) rest = rest.slice(1);
      else if (!rest.startsWith("}")) throw new Error(`labels do not end: ${line}`);
    }
    rest = rest.slice(1);
  }
  const [, value = ""] = /^ (\S+)$/.exec(rest) ?? [];
  if (!VALUE.test(value)) throw new Error(`no value: ${line}`);
  return { name, labels, value: Number(value.replace("Inf", "Infinity")) };
}

function readValue(text: string, start: number): [value: string, end: number] {
  let value = "";
  for (let at = start; at < text.length; at++) {
    const char = text[at]!;
    if (char === '"') return [value, at + 1];
    if (char !== "\\") value += char;
    else {
      const meant = ESCAPES[text[++at] ?? ""];
      if (meant === undefined) throw new Error(`unknown escape in ${text}`);
      value += meant;
    }
  }
  throw new Error(`a label's value does not end: ${text}`);
}
