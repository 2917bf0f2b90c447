// What is wrong with text that is not YAML, in words for those who write rules.
// In: an error of the YAML parser. Out: message, place and hint. Elsewhere: the parser (the package yaml), reading on
// behind the mistake (read.ts).

import { Lexer, type YAMLParseError } from "yaml";
import type { Source, Span } from "../span.ts";

export interface SyntaxFinding {
  readonly span: Span;
  readonly message: string;
  readonly hint?: string | undefined;
}

export function syntaxFinding(source: Source, error: YAMLParseError): SyntaxFinding {
  const { text } = source;
  const start = Math.min(error.pos[0], text.length);
  const line = lineAt(text, start);
  const span = (from: number, to: number): Span => ({
    source,
    start: from,
    end: Math.min(Math.max(from, to), text.length),
  });
  const whole = span(line.start + line.text.search(/\S|$/), line.end);

  const key = /^\s*(?:- +)?[\w-]+:(?:\s|$)/.test(line.text);
  const misplaced = (): SyntaxFinding => ({
    span: whole,
    message: "the line is not indented like its neighbours",
    hint: key ? "the keys of one item begin in the same column" : DEEPER,
  });
  const tab = /^ *\t/.exec(line.text);
  if (error.code === "TAB_AS_INDENT" || tab !== null) {
    const at = line.start + Math.max(0, line.text.indexOf("\t"));
    return { span: span(at, at + 1), message: "a tab cannot indent YAML", hint: "indent with blanks" };
  }
  const open = /closing|flow (?:sequence|map)/i.test(error.message) ? openAt(text, start) : undefined;
  if (open !== undefined) {
    const char = text[open]!;
    const closing = char === "[" ? "]" : char === "{" ? "}" : char;
    return { span: span(open, open + 1), message: `the closing \`${closing}\` is missing` };
  }
  switch (error.code) {
    case "BAD_DQ_ESCAPE": {
      const escape = text.slice(start, start + 2);
      const hint =
        `write \`\\${escape}\`, or take single quotes or a block (\`|\`), where a backslash is just that`;
      return {
        span: span(start, start + 2),
        message: `\`${escape}\` is no escape within double quotes`,
        hint,
      };
    }
    case "BAD_SCALAR_START": {
      const hint = "put the whole value into quotes";
      return { span: span(start, start + 1), message: `a value cannot begin with \`${text[start]}\``, hint };
    }
    case "MISSING_CHAR":
      if (/implicit map keys/i.test(error.message)) return keyLine(line.text, whole);
      if (/without - indicator/i.test(error.message)) return misplaced();
      break;
    case "MULTILINE_IMPLICIT_KEY":
      return keyLine(line.text, whole);
    case "BLOCK_AS_IMPLICIT_KEY":
      if (/^\s*(?:- +)?[\w-]+: .*:(?:\s|$)/.test(line.text)) {
        const colon = line.text.lastIndexOf(":");
        const at = line.start + colon;
        return {
          span: span(at, at + 1),
          message: "a value cannot hold a colon and a blank",
          hint: "put the value into quotes",
        };
      }
      return misplaced();
    case "BAD_INDENT":
      if (/^\s*-\S/.test(line.text)) return keyLine(line.text, whole);
      return misplaced();
    case "UNEXPECTED_TOKEN":
    case "IMPOSSIBLE":
      if (/block sequence may not/i.test(error.message)) return misplaced();
  }
  return { span: span(start, error.pos[1]), message: lowerFirst(error.message) };
}

const DEEPER = "a value over several lines is indented deeper than its key";

/** A line that should be a key with a value, or an entry of a sequence. */
function keyLine(line: string, span: Span): SyntaxFinding {
  const key = /^\s*(?:- +)?([\w-]+):\S/.exec(line);
  if (key !== null) return { span, message: `a blank has to follow \`${key[1]}:\`` };
  if (/^\s*-\S/.test(line)) return { span, message: "a blank has to follow the dash of an entry" };
  return { span, message: "the line is neither `key: value` nor part of the value above it", hint: DEEPER };
}

/** The innermost bracket or quote that is open at an offset. */
function openAt(text: string, offset: number): number | undefined {
  const open: number[] = [];
  let at = 0;
  let before = "";
  for (const token of new Lexer().lex(text)) {
    if (token === "\x02" || token === "\x18" || token === "\x1f") {
      before = token;
      continue;
    }
    if (at > offset) break;
    if (before !== "\x1f") {
      const [first = ""] = token;
      if (token === "[" || token === "{") open.push(at);
      else if (token === "]" || token === "}") open.pop();
      else if ((first === '"' || first === "'") && !(token.length > 1 && token.endsWith(first))) {
        open.push(at);
      }
    }
    at += token.length;
    before = token;
  }
  return open.at(-1);
}

function lineAt(text: string, offset: number): { text: string; start: number; end: number } {
  const start = text.lastIndexOf("\n", offset - 1) + 1;
  const newline = text.indexOf("\n", start);
  const end = newline < 0 ? text.length : newline;
  return { text: text.slice(start, end), start, end };
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
