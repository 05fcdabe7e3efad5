// Owns the one form a path may have. The proxy, the hub and Jupyter each tidy paths in their own way, so a path that any of
// them would tidy is refused before it is judged: what is judged is then exactly what is served.
const UNRESERVED = /[A-Za-z0-9._~-]/; // RFC 3986, 2.3: never needs an escape
const HIDDEN = /[\0-\x1f\x7f\\]/;

function escapesAreNeeded(path) {
  for (const [, hex] of path.matchAll(/%(.{0,2})/g)) {
    if (!/^[0-9A-Fa-f]{2}$/.test(hex)) return false;
    const character = String.fromCharCode(parseInt(hex, 16));
    if (UNRESERVED.test(character) || character === '/') return false;
  }
  return true;
}

function decoded(path) {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined; // not UTF-8
  }
}

// Returns the decoded path of a request target, or undefined where it is not in canonical form.
export function canonicalPath(target) {
  const [path] = target.split('?', 1);
  if (!path.startsWith('/') || path.includes('//') || target.includes('#') || !escapesAreNeeded(path)) return undefined;
  const plain = decoded(path);
  if (plain === undefined || HIDDEN.test(plain) || /%[0-9A-Fa-f]{2}/.test(plain)) return undefined; // escaped twice
  if (/(^|\/)\.{1,2}(\/|$)/.test(plain)) return undefined;
  return URL.parse(target, 'http://door')?.pathname === path ? plain : undefined;
}
