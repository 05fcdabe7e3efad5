// Owns the provider's own keys: made once at the first start, kept in 0600 files. Must never leave its folder or be logged.
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

const RSA_BITS = 2048;

function keep(folder, name, make) {
  const file = path.join(folder, name);
  if (!fs.existsSync(file)) {
    const draft = `${file}.${process.pid}`; // whole or not at all: a start that is cut off leaves no half key
    fs.writeFileSync(draft, JSON.stringify(make()), { mode: 0o600, flag: 'wx' });
    fs.renameSync(draft, file);
  }
  return JSON.parse(fs.readFileSync(file, 'utf8'));
}

function signingKey() {
  const { privateKey } = crypto.generateKeyPairSync('rsa', { modulusLength: RSA_BITS });
  return { ...privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256', kid: crypto.randomBytes(8).toString('hex') };
}

// Returns { signing: JWK, cookies: [key] } from `folder`, making what is not there yet.
export function keysIn(folder) {
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
  return {
    signing: keep(folder, 'signing-key.json', signingKey),
    cookies: keep(folder, 'cookie-keys.json', () => [crypto.randomBytes(32).toString('hex')]),
  };
}
