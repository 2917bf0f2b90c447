-- Runs in Neovim without a screen: opens a rules file, lets `falco lsp` work on it, and prints what came of it as JSON.
-- In: FALCO_COMMAND (JSON), FALCO_FILE. Out: one line of JSON on standard error.

local command = vim.fn.json_decode(os.getenv("FALCO_COMMAND"))
local file = os.getenv("FALCO_FILE")
local found = {}

local function finish()
  io.stderr:write(vim.fn.json_encode(found) .. "\n")
  vim.cmd("qall!")
end

local function wait(what, condition)
  if not vim.wait(60000, condition, 20) then
    found.failed = what
    finish()
  end
end

vim.cmd("edit " .. file)
vim.bo.filetype = "yaml"
local buffer = vim.api.nvim_get_current_buf()
local client = vim.lsp.start_client({ name = "falco", cmd = command, root_dir = vim.fn.fnamemodify(file, ":h") })
vim.lsp.buf_attach_client(buffer, client)
wait("initialize", function() return vim.lsp.buf_get_clients(buffer)[client] ~= nil end)

wait("diagnostics", function() return #vim.diagnostic.get(buffer) > 0 end)
found.diagnostics = vim.tbl_map(function(each) return each.message end, vim.diagnostic.get(buffer))

local function ask(method, line, text)
  local row = vim.api.nvim_buf_get_lines(buffer, line, line + 1, false)[1]
  local column = row:find(text, 1, true)
  local params = { textDocument = { uri = vim.uri_from_bufnr(buffer) }, position = { line = line, character = column } }
  local answers = vim.lsp.buf_request_sync(buffer, method, params, 60000) or {}
  return answers[client] and answers[client].result
end

found.hover = ask("textDocument/hover", 4, "proc.nam").contents.value
found.completion = vim.tbl_map(function(item) return item.label end, ask("textDocument/completion", 4, "proc.nam").items)
found.definition = ask("textDocument/definition", 4, "opened")[1].range.start.line

vim.api.nvim_buf_set_lines(buffer, 6, 7, false, { "  output:   changed" })
if vim.lsp.buf.format then vim.lsp.buf.format({ timeout_ms = 60000 }) else vim.lsp.buf.formatting_sync({}, 60000) end
found.text = table.concat(vim.api.nvim_buf_get_lines(buffer, 0, -1, false), "\n")
finish()
