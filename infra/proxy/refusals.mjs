// Owns what a person reads when the door stays shut or a part behind it is down: a page, or a line of JSON for a program.
// The page stands alone (no style sheet or script of anybody's), because whoever would serve them may be what is down.
import crypto from 'node:crypto';

const STYLE = 'html{font:100%/1.5 Arial,Helvetica,sans-serif;color:#212b32;background:#f0f4f5}main{max-width:40rem;margin:3rem auto;'
  + 'padding:1rem 1.5rem;background:#fff;border-top:6px solid #1f6f5c}h1{font-size:1.75rem;line-height:1.2}a{color:#005a87}.code{color:#425563;font-size:.9rem}';
// Loads the page anew once the part answers again: a page that did so by the clock would take the reader's place away each time.
const WAIT = "setInterval(() => fetch(location.href, { cache: 'no-store', redirect: 'manual' }).then((answer) => answer.status !== 503 && location.reload(), () => 0), 3000)";
const hash = (text) => `'sha256-${crypto.createHash('sha256').update(text).digest('base64')}'`;
const POLICY = `default-src 'none'; style-src ${hash(STYLE)}; script-src ${hash(WAIT)}; connect-src 'self'; img-src data:; `
  + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const WORDS = {
  'front_door.host.unknown': ['No site has this name', 'Use the address that the portal gave you.'],
  'front_door.path.odd': ['This address is not written as it should be', 'Go back to the portal and follow its links.'],
  'front_door.path.closed': ['This part of the workspace is closed', 'Workspaces have no downloads and no terminals. To take a result out, request its release: tre.request_release(…) in a notebook.'],
  'front_door.method.closed': ['This request is not one the workspace answers', 'Go back to the page and try again.'],
  'front_door.contents.closed': ['Files of this kind cannot be opened here', 'Data and results stay in the workspace: look at them in a notebook, and request their release with tre.request_release(…).'],
  'front_door.contents.query': ['This request is not one the workspace answers', 'Go back to the page and try again.'],
  'front_door.contents.too_large': ['This file is too large to be opened', 'Clear the outputs of the notebook, or read the file in a notebook.'],
  'front_door.body.too_large': ['That is too large', 'No form here takes this much. Go back and send a smaller file.'],
  'front_door.body.no_length': ['It was not said how much is being sent', 'Send it with a Content-Length header.'],
  'front_door.websocket.closed': ['This connection is closed', 'Go back to the portal and open the workspace again.'],
  'front_door.another_site': ['Another site asked for this', 'Open the workspace from the portal.'],
  'front_door.workspace.not_running': ['This workspace is not running', 'Open it from the page of its project in the portal.'],
  'front_door.portal.down': ['The portal is starting again', 'This takes a few seconds. The page tries again by itself.'],
  'front_door.hub.down': ['The workspaces are starting again', 'This takes a few seconds. The page tries again by itself. A workspace that was running goes on running.'],
  'front_door.workspace.down': ['The workspace does not answer', 'The page tries again by itself. If this goes on, open the workspace again from the portal.'],
  'front_door.failed': ['The door could not pass this on', 'Try again. If this goes on, tell the operator the code below.'],
};

const escapeHtml = (text) => String(text).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

function page({ code, title, sentence, portal, retry }) {
  return `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title><link rel="icon" href="data:,"><style>${STYLE}</style></head>
<body><main><h1>${escapeHtml(title)}</h1><p>${escapeHtml(sentence)}</p>
<p>${retry ? '<a href="">Try again</a> or <a' : '<a'} href="${escapeHtml(portal)}/">${retry ? 'go' : 'Go'} to the portal</a></p>
<p class="code">${escapeHtml(code)}</p></main>${retry ? `<script>${WAIT}</script>` : ''}</body></html>
`;
}

// Answers a web request with `status` and the words for `code`; a browser gets a page, a program gets JSON.
export function refuse(req, res, { status, code, portal }) {
  if (res.headersSent || res.writableEnded) return res.destroy();
  const [title, sentence] = WORDS[code];
  const html = (req.headers.accept ?? '').includes('text/html');
  const body = html ? page({ code, title, sentence, portal, retry: code.endsWith('.down') && req.method === 'GET' })
    : JSON.stringify({ message: `${title}. ${sentence}`, reason: code });
  if (!req.complete) req.resume();
  res.writeHead(status, { 'Content-Type': html ? 'text/html; charset=utf-8' : 'application/json', 'Content-Length': Buffer.byteLength(body),
    'Content-Security-Policy': POLICY, 'X-Content-Type-Options': 'nosniff', 'Referrer-Policy': 'same-origin', 'Cache-Control': 'no-store',
    ...(status === 503 ? { 'Retry-After': '5' } : {}) });
  return res.end(req.method === 'HEAD' ? undefined : body);
}

export function refuseSocket(socket, { status, code }) {
  socket.end(`HTTP/1.1 ${status} ${code}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
