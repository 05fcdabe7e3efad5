// Owns what the front door is told from outside. Must never guess an address or a secret: what is missing stops it.
import fs from 'node:fs';

function need(name) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: the supervisor sets it.`);
  return value;
}

const secret = (name) => fs.readFileSync(need(name), 'utf8').trim();
const origin = (name) => new URL(need(name)).origin;

function number(name) {
  const value = Number(need(name));
  if (!Number.isSafeInteger(value) || value < 1) throw new Error(`${name} must be a whole number above 0.`); // NaN would bound nothing
  return value;
}

export function readSettings() {
  const portal = origin('TRE_PUBLIC_URL');
  const hub = origin('TRE_WORKSPACES_URL');
  if (new URL(portal).host === new URL(hub).host) {
    throw new Error('The portal and the workspaces must have different origins: a notebook could press the portal\'s buttons.');
  }
  return {
    portal, hub,
    address: '127.0.0.1',
    port: number('TRE_FRONT_PORT'),
    apiPort: number('TRE_PROXY_API_PORT'),
    portalTarget: need('TRE_PORTAL_TARGET'),
    token: secret('TRE_PROXY_TOKEN_FILE'),
    hubSocket: need('TRE_HUB_SOCKET'),
    hubToken: secret('TRE_PORTAL_HUB_TOKEN_FILE'),
    state: need('TRE_PROXY_STATE'),
    websocketMessageBytes: number('TRE_WEBSOCKET_MESSAGE_BYTES'), // largest single message out of a workspace
    notebookBytes: number('TRE_NOTEBOOK_BYTES'), // largest notebook that may be opened, outputs included
    uploadBytes: number('TRE_UPLOAD_BYTES'), // largest body that the portal takes
    sourceBytes: number('TRE_SOURCE_BYTES'), // largest file of code or prose that may be opened
  };
}
