// Owns which headers pass. A workspace's answers come from software the researcher controls, so only what a page needs is let
// through, and the content policy is ours. Must never let an answer name another origin to load from or to send to.
const FROM_WORKSPACE = new Set(['content-type', 'content-length', 'content-encoding', 'content-range', 'accept-ranges', 'cache-control',
  'connection', 'date', 'etag', 'expires', 'last-modified', 'location', 'sec-websocket-accept', 'sec-websocket-protocol', 'set-cookie',
  'transfer-encoding', 'upgrade', 'vary', 'x-jupyterhub-version']);

const BASIC = { 'x-content-type-options': 'nosniff', 'referrer-policy': 'same-origin', 'x-dns-prefetch-control': 'off' };

// JupyterLab compiles its settings' schemas (unsafe-eval) and sets styles inline. The line is drawn at where a page may send to: its
// own origin. Inline script is closed because a speculation rule in one prefetches from anywhere, whatever else the policy says.
// `sandbox` without allow-downloads and allow-popups stops saving to disk and opening windows.
function workspacePolicy(origin) {
  const socket = origin.replace(/^http/, 'ws');
  return ["default-src 'self'", "script-src 'self' 'unsafe-eval' blob:", "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:", "media-src 'self' data: blob:", "font-src 'self' data:", "worker-src 'self' blob:", "frame-src 'self' blob:",
    `connect-src 'self' ${socket}`, "object-src 'none'", "base-uri 'self'", "form-action 'self'", "frame-ancestors 'none'",
    'sandbox allow-scripts allow-same-origin allow-forms allow-modals'].join('; ');
}

function hubPolicy({ origin, portal }) {
  return ["default-src 'self'", "script-src 'self' 'unsafe-inline' 'unsafe-eval'", "style-src 'self' 'unsafe-inline'", "img-src 'self' data:",
    "font-src 'self' data:", "object-src 'none'", "base-uri 'self'", `form-action 'self' ${portal}`, "frame-ancestors 'none'"].join('; ');
}

function staysHere(location, zone, settings) {
  try {
    const { origin } = new URL(location, zone.origin);
    return [zone.origin, settings.hub, settings.portal].includes(origin);
  } catch {
    return false;
  }
}

function cleanWorkspaceAnswer(headers, zone, settings) {
  for (const name of Object.keys(headers)) if (!FROM_WORKSPACE.has(name)) delete headers[name];
  if (headers.location !== undefined && !staysHere(headers.location, zone, settings)) delete headers.location;
  if (headers['set-cookie']) { // for this host alone, never for the hub or another person's
    headers['set-cookie'] = headers['set-cookie'].map((cookie) => cookie.replace(/;\s*domain=[^;]*/gi, ''));
  }
  Object.assign(headers, BASIC, { 'content-security-policy': workspacePolicy(zone.origin),
    'cross-origin-opener-policy': 'same-origin', 'cross-origin-resource-policy': 'same-origin' });
}

// Changes an answer's headers in place before it goes to the browser.
export function cleanAnswer(headers, zone, settings) {
  if (zone.kind === 'workspace') cleanWorkspaceAnswer(headers, zone, settings);
  if (zone.kind === 'hub') {
    Object.assign(headers, BASIC, { 'content-security-policy': hubPolicy({ origin: zone.origin, portal: settings.portal }) });
  }
}

// Changes a request's headers in place: nobody outside may say where a request came from.
export function cleanRequest(headers) {
  for (const name of Object.keys(headers)) {
    if (name.startsWith('x-forwarded-') || ['forwarded', 'x-real-ip', 'x-scheme'].includes(name)) delete headers[name];
  }
  delete headers['sec-websocket-extensions']; // messages stay as they are, so that their size can be seen
}

// Says whether another site's page asks for something other than to show a page of the workspace.
export function comesFromAnotherSite({ headers, method }) {
  const site = headers['sec-fetch-site'];
  if (site !== 'cross-site' && site !== 'same-site') return false;
  return headers['sec-fetch-mode'] !== 'navigate' || (method !== 'GET' && method !== 'HEAD');
}
