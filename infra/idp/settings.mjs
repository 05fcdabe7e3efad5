// Owns what the demo identity provider is told from outside, and its refusal to run anywhere but in a demo on loopback.
// Must never guess a secret or an address: what is missing or wrong stops it.
import fs from 'node:fs';

export class Refused extends Error {}

function need(name) {
  const value = process.env[name];
  if (!value) throw new Refused(`${name} is not set: start the demo with 'make demo', which sets it.`);
  return value;
}

function secretFrom(name) {
  const file = need(name);
  const secret = fs.readFileSync(file, 'utf8').trim();
  if (secret.length < 32) throw new Refused(`The secret in the file that ${name} names is shorter than 32 characters.`);
  return secret;
}

function origin(name) {
  const url = new URL(need(name));
  if (url.pathname !== '/' || url.search || url.hash) throw new Refused(`${name} must be an origin without a path.`);
  return url.origin;
}

function loopbackIssuer() {
  const url = new URL(need('TRE_ISSUER'));
  if (url.protocol !== 'http:' || url.hostname !== '127.0.0.1' || url.pathname !== '/') {
    throw new Refused('The demo identity provider serves people who are made up: it runs on http://127.0.0.1 only.');
  }
  return url;
}

// Read and check everything; throws Refused with a sentence for the operator.
export function readSettings() {
  if (process.env.TRE_MODE !== 'demo') {
    throw new Refused('The demo identity provider runs only with TRE_MODE=demo: it asks nobody for a password.');
  }
  const issuer = loopbackIssuer();
  return {
    issuer: issuer.origin,
    host: issuer.host,
    address: issuer.hostname,
    port: Number(issuer.port || 80),
    portal: origin('TRE_PUBLIC_URL'),
    hub: origin('TRE_WORKSPACES_URL'),
    state: need('TRE_IDP_STATE'),
    portalSecret: secretFrom('TRE_IDP_PORTAL_SECRET_FILE'),
    hubSecret: secretFrom('TRE_IDP_HUB_SECRET_FILE'),
  };
}
