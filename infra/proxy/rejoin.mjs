// Owns asking the hub for its routes when the door has come back: it keeps none over a restart. Must never keep the door waiting.
import http from 'node:http';

const PATIENCE = 5000; // milliseconds

// Asks once; a hub that is not up yet brings its routes by itself when it starts.
export function askHubForRoutes({ hubSocket, hubToken }, log) {
  const asking = http.request({ socketPath: hubSocket, path: '/workspaces/hub/api/proxy', method: 'POST', timeout: PATIENCE,
    headers: { Host: 'localhost', Authorization: `token ${hubToken}`, 'Content-Length': 0 } }, (answer) => {
    answer.resume();
    log.info('hub asked for its routes: %s', answer.statusCode);
  });
  asking.on('timeout', () => asking.destroy());
  asking.on('error', (error) => log.info('hub not asked for its routes: %s', error.code));
  asking.end();
}
