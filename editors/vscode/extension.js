// The extension: starts `falco lsp` for YAML files that look like rules or settings, and passes the user's settings on.
// In: what the editor says. Out: a language client. Elsewhere: the server (lsp/), colours (falco.tmLanguage.json).

const { commands, window, workspace } = require("vscode");
const { LanguageClient } = require("vscode-languageclient/node");

let client;

function start() {
  const settings = workspace.getConfiguration("falco");
  const server = { command: settings.get("path") || "falco", args: ["lsp"] };
  const scheme = "file";
  client = new LanguageClient("falco", "Falco rules", server, {
    documentSelector: [
      { scheme, language: "yaml", pattern: "**/*rules*.{yaml,yml}" },
      { scheme, language: "yaml", pattern: "**/rules{,.d}/**/*.{yaml,yml}" },
      { scheme, language: "yaml", pattern: "**/falco*.{yaml,yml}" },
    ],
    initializationOptions: { rulesFiles: settings.get("rulesFiles") },
    synchronize: { configurationSection: "falco" },
  });
  return client.start().catch((error) =>
    window.showErrorMessage(
      `Cannot start ${server.command} lsp: ${error.message}. The setting falco.path names the program.`,
    )
  );
}

async function restart() {
  await client?.stop().catch(() => {});
  await start();
}

exports.activate = (context) => {
  context.subscriptions.push(commands.registerCommand("falco.restart", restart));
  return start();
};

exports.deactivate = () => client?.stop();
