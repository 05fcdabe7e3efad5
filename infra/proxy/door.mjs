// Owns the front door itself: the certified routes of configurable-http-proxy, with every request judged before it is passed on and
// every answer from a workspace cleaned, counted and bounded. Must never pass on what a list does not name.
import http from 'node:http';
import { ConfigurableProxy } from 'configurable-http-proxy/lib/configproxy.js';
import { judge, judgeSocket } from './allowed.mjs';
import { canonicalPath } from './canonical.mjs';
import { cleanAnswer, cleanRequest, comesFromAnotherSite } from './headers.mjs';
import { closeTooBig, MessageMeter } from './messages.mjs';
import { refuse, refuseSocket } from './refusals.mjs';
import { zonesOf } from './zones.mjs';

const HEALTH = '/_chp_healthz';
// The portal closes a connection that was idle for five seconds: one used again just then would be an answer lost. Ours goes first.
const IDLE_MILLISECONDS = 2000;
const HERE = Symbol('what the door found out about a request');
const REASON_TOO_BIG = 'This output is larger than may leave the workspace at once: show less of it.';

const sizeOf = (headers) => Buffer.byteLength(Object.entries(headers).join());

function withParameters(url, parameters = {}) {
  const [path, search = ''] = url.split(/\?(.*)/s);
  const query = new URLSearchParams(search);
  for (const [name, value] of Object.entries(parameters)) query.set(name, value);
  return query.size ? `${path}?${query}` : path;
}

export class FrontDoor extends ConfigurableProxy {
  constructor({ settings, ledger, log }) {
    super({ log, authToken: settings.token, hostRouting: true, includePrefix: true, prependPath: true, xfwd: true });
    this.httpAgent = new http.Agent({ keepAlive: true, timeout: IDLE_MILLISECONDS }); // of idle connections alone
    this.settings = settings;
    this.ledger = ledger;
    this.zone = zonesOf(settings);
    this.proxy.on('proxyRes', (answer, req, res) => this.#passAnswer(answer, req, res));
    // A browser that goes away in the middle of a message is no fault; without a listener the library would end the process.
    this.proxy.on('error', (_error, _req, connection) => connection?.destroy());
    this.proxy.on('proxyReqWs', (forwarded, req, socket) => this.#passSocket(forwarded, req, socket));
  }

  handleProxyWeb(req, res) {
    if (req.url === HEALTH) return this.handleHealthCheck(req, res);
    const verdict = this.#judge(req, judge);
    if (!verdict.allowed) return this.#shut(req, res, verdict);
    if (verdict.add) req.url = withParameters(req.url, verdict.add);
    return super.handleProxyWeb(req, res);
  }

  handleProxyWs(req, socket, head) {
    socket.on('error', () => socket.destroy());
    const verdict = this.#judge(req, judgeSocket);
    const foreign = verdict.allowed && req.headers.origin !== undefined && req.headers.origin !== req[HERE].zone.origin;
    if (verdict.allowed && !foreign) return super.handleProxyWs(req, socket, head);
    this.#countRefusal(verdict);
    return refuseSocket(socket, { status: verdict.status ?? 403, code: verdict.code ?? 'front_door.another_site' });
  }

  #judge(req, rule) {
    const zone = this.zone(req.headers.host);
    req[HERE] = { zone };
    if (!zone) return { allowed: false, status: 421, code: 'front_door.host.unknown' };
    const path = canonicalPath(req.url);
    if (path === undefined) return { allowed: false, status: 400, code: 'front_door.path.odd' };
    cleanRequest(req.headers);
    const query = new URLSearchParams(req.url.split(/\?(.*)/s)[1]);
    const length = 'transfer-encoding' in req.headers ? NaN : Number(req.headers['content-length'] ?? 0);
    const verdict = rule(zone, { method: req.method, path, query, length, limits: this.settings });
    req[HERE] = { zone, ...verdict };
    const foreign = verdict.allowed && zone.kind === 'workspace' && comesFromAnotherSite(req);
    return foreign ? { ...verdict, allowed: false, status: 403, code: 'front_door.another_site' } : verdict;
  }

  #countRefusal({ person, project }) {
    if (project) this.ledger.add({ person, project, way: 'refused' });
  }

  #shut(req, res, verdict) {
    if (verdict.status === 302) {
      res.writeHead(302, { Location: `${this.settings.portal}/` }).end();
      return;
    }
    this.#countRefusal(verdict);
    this.log.warn('%s %s %s', verdict.status, req.method, verdict.code);
    refuse(req, res, { ...verdict, portal: this.settings.portal });
  }

  // The portal and the hub are where the settings say; only workspaces are looked up among the hub's routes.
  async targetForReq(req) {
    const { zone, person, project } = req[HERE];
    if (zone.kind === 'portal') return { prefix: '/portal', target: this.settings.portalTarget };
    if (zone.kind === 'hub') return { prefix: '/hub', target: `http+unix://${encodeURIComponent(this.settings.hubSocket)}` };
    const route = await super.targetForReq(req);
    const own = `/${new URL(zone.origin).hostname}/workspaces/user/${person}/${project}`;
    return route?.prefix === own ? route : undefined;
  }

  // Sockets are kept open: one closed after each answer may be gone before Node has written the empty end of a small request.
  proxyOptsForTarget(target) {
    return { agent: this.httpAgent, ...super.proxyOptsForTarget(target) };
  }

  #passAnswer(answer, req, res) {
    const { zone, person, project, atMost } = req[HERE];
    cleanAnswer(answer.headers, zone, this.settings);
    if (zone.kind !== 'workspace') return;
    const cut = () => {
      this.ledger.add({ person, project, way: 'cut' });
      answer.destroy();
      refuse(req, res, { status: 413, code: 'front_door.contents.too_large', portal: this.settings.portal });
    };
    if (Number(answer.headers['content-length']) > atMost) return cut();
    this.ledger.add({ person, project, way: 'http_bytes', amount: sizeOf(answer.headers) });
    let total = 0;
    answer.on('data', (chunk) => {
      total += chunk.length;
      this.ledger.add({ person, project, way: 'http_bytes', amount: chunk.length });
      if (total > atMost) cut();
    });
  }

  #passSocket(forwarded, req, socket) {
    forwarded.prependListener('upgrade', (answer, upstream) => {
      cleanAnswer(answer.headers, req[HERE].zone, this.settings);
      this.#meter(req, socket, upstream);
    });
    forwarded.prependListener('response', (answer) => { // no WebSocket after all: nothing of it is passed on
      answer.destroy();
      refuseSocket(socket, { status: answer.statusCode === 403 ? 403 : 502, code: 'front_door.websocket.closed' });
    });
  }

  #meter(req, socket, upstream) {
    const { person, project } = req[HERE];
    const meter = new MessageMeter(this.settings.websocketMessageBytes);
    const write = socket.write.bind(socket);
    let greeting = true; // the first write is the answer's head, not a frame
    socket.write = (chunk, ...rest) => {
      const bytes = Buffer.from(chunk);
      const passable = greeting ? bytes.length : meter.passable(bytes);
      greeting = false;
      this.ledger.add({ person, project, way: 'websocket_bytes', amount: passable });
      if (passable === bytes.length) return write(bytes, ...rest);
      this.ledger.add({ person, project, way: 'cut' });
      socket.write = () => false;
      upstream.destroy();
      socket.end(Buffer.concat([bytes.subarray(0, passable), closeTooBig(REASON_TOO_BIG)]));
      return false;
    };
  }

  // The parts behind the door: what to say when one of them cannot be reached.
  handleProxyError(code, kind, req, res, error) {
    const { zone } = req[HERE];
    const missing = code === 404 ? 'front_door.workspace.not_running' : `front_door.${zone.kind}.down`;
    const refusal = { status: code === 500 ? 500 : 503, code: code === 500 ? 'front_door.failed' : missing };
    this.log.error('%s %s %s %s', refusal.status, req.method, refusal.code, error?.code ?? error?.message ?? '');
    if (kind === 'ws') refuseSocket(res, refusal);
    else refuse(req, res, { ...refusal, portal: this.settings.portal });
  }
}
