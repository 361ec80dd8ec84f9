-- A session in Neovim: opens FILE, reads what the server says of it, applies
-- the one quick fix, and waits until nothing is left. What it saw is printed as
-- lines of JSON. The user's settings have been read before.
local limit = tonumber(vim.env.LIMIT) * 1000
local function say(what)
  io.stdout:write(vim.json.encode(what) .. '\n')
end
local function leave(problem)
  say({ problem = problem })
  vim.cmd('cquit')
end

vim.cmd('filetype on')
vim.cmd('edit ' .. vim.fn.fnameescape(vim.env.FILE))
if not vim.wait(limit, function() return #vim.diagnostic.get(0) > 0 end, 20) then
  leave('no diagnostics in time')
end
local found = vim.diagnostic.get(0)
for _, d in ipairs(found) do
  say({ line = d.lnum, column = d.col, last_line = d.end_lnum, last_column = d.end_col,
        message = d.message, code = d.user_data.lsp.code })
end

local client = vim.lsp.get_active_clients()[1]
local lsp = found[1].user_data.lsp
local range = {
  start = { line = found[1].lnum, character = found[1].col },
  ['end'] = { line = found[1].end_lnum, character = found[1].end_col },
}
local answer = vim.lsp.buf_request_sync(0, 'textDocument/codeAction', {
  textDocument = vim.lsp.util.make_text_document_params(0),
  range = range,
  context = { diagnostics = { {
    range = range, severity = found[1].severity, message = found[1].message,
    code = lsp.code, source = found[1].source,
  } } },
}, limit)
local fixes = {}
for _, of_client in pairs(answer or {}) do
  for _, action in ipairs(of_client.result or {}) do
    if action.kind == 'quickfix' then
      table.insert(fixes, action)
    end
  end
end
if #fixes ~= 1 then
  leave(#fixes .. ' quick fixes')
end
vim.lsp.util.apply_workspace_edit(fixes[1].edit, client.offset_encoding)
if not vim.wait(limit, function() return #vim.diagnostic.get(0) == 0 end, 20) then
  leave('still there after the fix: ' .. vim.inspect(vim.diagnostic.get(0)))
end
say({ text = table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\n') .. '\n' })
vim.cmd('qall!')
