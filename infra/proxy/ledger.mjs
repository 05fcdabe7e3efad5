// Owns the count of what left each workspace: bytes by server, day and way out. Kept in one small file, replaced whole, so that it
// survives a restart and others can read it. Must never hold what the bytes were.
import fs from 'node:fs';
import path from 'node:path';

const SAVE_EVERY = 2000; // milliseconds; what is lost if the door is killed
const KEEP_DAYS = 90;

export class Ledger {
  constructor(folder) {
    fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.file = path.join(folder, 'outgoing.json');
    this.servers = this.#load();
    this.changed = false;
    this.timer = setInterval(() => this.save(), SAVE_EVERY).unref();
  }

  #load() {
    if (!fs.existsSync(this.file)) return {};
    return JSON.parse(fs.readFileSync(this.file, 'utf8')).servers;
  }

  // Adds `amount` under `way`: http_bytes, websocket_bytes, refused (requests) or cut (answers and messages over their limit).
  add({ person, project, way, amount = 1 }) {
    const server = this.servers[`${person}/${project}`] ??= {};
    const today = server[new Date().toISOString().slice(0, 10)] ??= { http_bytes: 0, websocket_bytes: 0, refused: 0, cut: 0 };
    today[way] += amount;
    this.changed = true;
  }

  save() {
    if (!this.changed) return;
    this.changed = false;
    const oldest = new Date(Date.now() - KEEP_DAYS * 86_400_000).toISOString().slice(0, 10);
    for (const days of Object.values(this.servers)) for (const day of Object.keys(days)) if (day < oldest) delete days[day];
    const draft = `${this.file}.new`;
    fs.writeFileSync(draft, JSON.stringify({ updated_at: new Date().toISOString(), servers: this.servers }), { mode: 0o600 });
    fs.renameSync(draft, this.file);
  }
}
