// Owns the demo identity provider's own small server: answers its own Host only, serves the sign-in page and the style sheet,
// leaves the protocol to the library. Must never listen on anything but 127.0.0.1 or run in production.
import fs from 'node:fs';
import http from 'node:http';
import { keysIn } from './keys.mjs';
import { escapeHtml, problemPage, signInPage } from './pages.mjs';
import { buildProvider, signInOf } from './provider.mjs';
import { readSettings, Refused } from './settings.mjs';

const LARGEST_FORM = 1000; // bytes; the form holds one short name
const read = (name) => fs.readFileSync(new URL(name, import.meta.url), 'utf8');
const persons = JSON.parse(read('persons.json'));
const style = read('idp.css');

function settingsOrExit() {
  try {
    return readSettings();
  } catch (error) {
    console.error(error instanceof Refused ? error.message : error);
    process.exit(78); // EX_CONFIG
  }
}
const settings = settingsOrExit();
const provider = buildProvider({ settings, keys: keysIn(settings.state), persons });

// Chromium applies form-action to redirects too: the answer to the form leads back to the portal, the hub or a workspace.
const workspaces = settings.hub.replace('://', '://*.');
const SECURITY = {
  // No script of ours exists; where the library sends a form that submits itself, it adds that script's hash to script-src.
  'Content-Security-Policy': "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; base-uri 'none'; frame-ancestors 'none'; "
    + `form-action 'self' ${settings.portal} ${settings.hub} ${workspaces}`,
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'same-origin',
  'Cache-Control': 'no-store',
};

function send(res, status, body, type = 'text/html; charset=utf-8') {
  res.writeHead(status, { 'Content-Type': type });
  res.end(body);
}

async function formOf(req) {
  let body = '';
  for await (const piece of req) {
    body += piece;
    if (body.length > LARGEST_FORM) throw new Refused('The form is longer than it can be.');
  }
  return new URLSearchParams(body);
}

async function interact(req, res, uid) {
  const details = await provider.interactionDetails(req, res);
  if (details.uid !== uid) throw new Refused('This sign-in belongs to another tab. Start again from the portal.');
  if (req.method === 'GET') return send(res, 200, signInPage({ persons, clientId: details.params.client_id, uid }));
  if (req.method !== 'POST' || (req.headers.origin ?? settings.issuer) !== settings.issuer) {
    throw new Refused('The form did not come from this page.');
  }
  const sub = (await formOf(req)).get('sub');
  const person = persons.find((one) => one.sub === sub);
  if (!person) throw new Refused('There is no such person in this demonstration.');
  return provider.interactionFinished(req, res, { login: signInOf(person) });
}

function problem(res, error) {
  if (res.headersSent) return res.destroy();
  const sentence = error instanceof Refused ? error.message : 'This sign-in is no longer under way: it was finished, or waited too long.';
  return send(res, 400, problemPage({ code: error.name, sentence, portal: settings.portal }));
}

const protocol = provider.callback();
const server = http.createServer((req, res) => {
  // The library builds every address it hands out from Host: another name would lead people and codes elsewhere.
  if (req.headers.host !== settings.host) return send(res, 421, 'This server answers under its own name only.\n', 'text/plain');
  for (const name of Object.keys(req.headers)) if (name.startsWith('x-forwarded-') || name === 'forwarded') delete req.headers[name];
  for (const [name, value] of Object.entries(SECURITY)) res.setHeader(name, value);
  const [pathname] = req.url.split('?', 1);
  if (pathname === '/healthz') return send(res, 200, 'ok\n', 'text/plain');
  if (pathname === '/assets/idp.css') return send(res, 200, style, 'text/css; charset=utf-8');
  const [, uid] = /^\/interaction\/([\w-]+)$/.exec(pathname) ?? [];
  if (uid) return interact(req, res, uid).catch((error) => problem(res, error));
  return protocol(req, res);
});
server.listen(settings.port, settings.address, () => console.log(`demo identity provider at ${escapeHtml(settings.issuer)}`));
for (const signal of ['SIGTERM', 'SIGINT']) {
  process.on(signal, () => { server.close(() => process.exit(0)); server.closeAllConnections(); });
}
