// Owns the start and the end of the front door's process. Must never listen beyond 127.0.0.1.
import { defaultLogger } from 'configurable-http-proxy/lib/log.js';
import { FrontDoor } from './door.mjs';
import { Ledger } from './ledger.mjs';
import { askHubForRoutes } from './rejoin.mjs';
import { readSettings } from './settings.mjs';

const settings = readSettings();
const log = defaultLogger({ level: 'warn' });
const ledger = new Ledger(settings.state);
const door = new FrontDoor({ settings, ledger, log });

door.apiServer.listen(settings.apiPort, settings.address, () => askHubForRoutes(settings, log));
door.proxyServer.listen(settings.port, settings.address);

for (const signal of ['SIGTERM', 'SIGINT']) {
  process.on(signal, () => {
    ledger.save();
    process.exit(0);
  });
}
