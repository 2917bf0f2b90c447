// Colours for conditions and outputs before the language server has answered, as a TextMate grammar that VS Code puts
// into YAML. In: the words of the language. Out: the grammar, as a plain object.

import { MODIFIERS, OPERATORS, TRANSFORMERS } from "../../rules/mod.ts";

const words = (all: readonly string[]) => all.filter((word) => /^\w+$/.test(word)).join("|");

const FIELD = "[a-zA-Z][a-zA-Z0-9_]*(?:\\.[a-zA-Z][a-zA-Z0-9_]*)+(?:\\[[^\\]\\s]*\\])?";

export function conditionGrammar() {
  return {
    scopeName: "falco.conditions.injection",
    injectionSelector: "L:source.yaml",
    patterns: [{ include: "#condition" }, { include: "#output" }],
    repository: {
      condition: block("condition", "#check"),
      output: block("output", "#placeholder"),
      check: {
        patterns: [
          { match: "(?:^|\\s)#.*$", name: "comment.line.number-sign.yaml" },
          { match: "\\b(?:and|or|not)\\b", name: "keyword.control.falco" },
          { match: `\\b(?:${words([...OPERATORS, ...MODIFIERS])})\\b`, name: "keyword.operator.word.falco" },
          { match: "[<>]=?|==?|!=", name: "keyword.operator.comparison.falco" },
          { match: `\\b(?:${words([...TRANSFORMERS, "val"])})(?=\\()`, name: "support.function.falco" },
          { match: FIELD, name: "variable.other.property.falco" },
          { match: "\"(?:[^\"\\\\]|\\\\.)*\"|'(?:[^'\\\\]|\\\\.)*'", name: "string.quoted.falco" },
          { match: "\\b(?:0x[0-9a-fA-F]+|\\d+)\\b", name: "constant.numeric.falco" },
        ],
      },
      placeholder: {
        patterns: [{
          match: `(%\\d*)(${FIELD}|(?:${words(TRANSFORMERS)})\\(${FIELD}\\))`,
          captures: {
            1: { name: "punctuation.definition.placeholder.falco" },
            2: { name: "variable.other.property.falco" },
          },
        }],
      },
    },
  };
}

/** The value of a key: on its line, and on those that are indented deeper. */
function block(key: string, include: string) {
  return {
    begin: `^(\\s*(?:-\\s+)?)(${key})\\s*(:)(?=\\s)\\s*([>|][-+0-9]*)?`,
    beginCaptures: {
      2: { name: "entity.name.tag.yaml" },
      3: { name: "punctuation.separator.key-value.mapping.yaml" },
      4: { name: "keyword.control.flow.block-scalar.yaml" },
    },
    end: "^(?=\\s*(?:-\\s+)?[\\w-]+\\s*:(?:\\s|$))|^(?=\\S)",
    patterns: [{ include }],
  };
}
