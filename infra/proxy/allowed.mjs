// Owns the lists of what may be asked of the hub and of a workspace: what is not listed is closed. The session itself belongs to
// the researcher, so nothing inside it can hold these rules: they stand here, outside. Must never depend on what the session answers.
const PROJECT = '(?:p-[a-z2-7]{6}|practice)'; // the second is the workspace on made-up data, of no project
const SERVER = new RegExp(`^/workspaces/user/([a-z][a-z0-9-]*)/(${PROJECT})(?:/(.*))?$`);
const KERNEL = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']);

const HUB = [
  /^(?:home|login|oauth_login|oauth_callback|logout|logo|health)?$/,
  /^(?:static|error|user)\/.*$/,
  new RegExp(`^spawn-pending/[a-z0-9-]+/${PROJECT}$`),
  /^api\/oauth2\/authorize$/,
  new RegExp(`^api/users/[a-z0-9-]+/servers/${PROJECT}/progress$`),
];

const WORKSPACE = [
  /^$/,
  /^(?:lab|lab\/(?:tree|workspaces|extensions)(?:\/.*)?)$/,
  /^lab\/api\/(?:settings|themes|translations|workspaces|listings)(?:\/.*)?$/,
  /^static\/.*$/,
  /^(?:oauth_callback|logout|api|api\/me|api\/status|api\/events)$/,
  new RegExp(`^api/kernels(?:/${KERNEL}(?:/(?:interrupt|restart))?)?$`),
  /^api\/sessions(?:\/[0-9a-f-]+)?$/,
  /^(?:api\/kernelspecs(?:\/[\w.-]+)?|kernelspecs\/[\w.-]+\/[\w.-]+)$/,
];

const CHANNELS = [new RegExp(`^api/kernels/${KERNEL}/channels$`), /^api\/events\/subscribe$/];

// Files of code and prose may be opened in the editor. All else is data or a result, whose bytes leave by a release request only.
const SOURCE = /\.(?:py|r|rmd|qmd|sql|md|txt|toml|ya?ml)$/i;
const NOTEBOOK = /\.ipynb$/i;

const yes = (more = {}) => ({ allowed: true, ...more });
const no = (code, status = 403) => ({ allowed: false, status, code });
const matches = (list, path) => list.some((pattern) => pattern.test(path));
const only = (query, name, values) => query.getAll(name).every((value) => values.includes(value));

// Opening a file: Jupyter takes the last of doubled parameters and falls back to base64 for bytes that are no text,
// so each parameter must have an expected value every time it appears, and what is not said is said here.
function judgeOpening(path, query, limits) {
  if (!only(query, 'content', ['0', '1']) || !only(query, 'type', ['directory', 'file', 'notebook'])) return no('front_door.contents.query');
  const contents = query.getAll('content');
  if (/\/checkpoints$/.test(path) || (contents.length && contents.every((value) => value === '0'))) return yes();
  if (NOTEBOOK.test(path) && only(query, 'type', ['notebook']) && only(query, 'format', ['json'])) {
    return yes({ add: { type: 'notebook' }, atMost: limits.notebookBytes });
  }
  if (SOURCE.test(path) && only(query, 'type', ['file']) && only(query, 'format', ['text'])) {
    return yes({ add: { type: 'file', format: 'text' }, atMost: limits.sourceBytes });
  }
  const folder = only(query, 'type', ['directory']) && only(query, 'format', ['json']); // a file, asked for as a folder, is an error
  return folder ? yes({ add: { type: 'directory' } }) : no('front_door.contents.closed');
}

function judgeWorkspace(zone, { method, path, query, limits }) {
  const [, person, project, rest = ''] = SERVER.exec(path) ?? [];
  if (person !== zone.person) return no('front_door.path.closed');
  const about = { person, project };
  if (!METHODS.has(method)) return no('front_door.method.closed', 405);
  if (/^api\/contents(?:\/|$)/.test(rest)) {
    const reading = method === 'GET' || method === 'HEAD';
    return { ...about, ...(reading ? judgeOpening(rest, query, limits) : yes()) };
  }
  return { ...about, ...(matches(WORKSPACE, rest) ? yes() : no('front_door.path.closed')) };
}

function judgeHub({ path }) {
  const [, rest] = /^\/workspaces\/hub(?:\/(.*))?$/.exec(path) ?? [];
  if (path === '/' || path === '/workspaces/') return { allowed: false, status: 302, code: 'front_door.path.moved' };
  return rest !== undefined && matches(HUB, rest) ? yes() : no('front_door.path.closed');
}

// The portal hangs up in the middle of a body that is too long, which looks like a fault from outside: what is said to be
// longer than it takes, or not said how long, is refused here. Browsers say it of every form.
function judgePortal({ length, limits }) {
  if (Number.isNaN(length)) return no('front_door.body.no_length', 411);
  return length > limits.uploadBytes ? no('front_door.body.too_large', 413) : yes();
}

// Judges one request: { allowed, status?, code?, person?, project?, add?, atMost? }.
// `add` are query parameters to be set, `atMost` the largest answer in bytes.
export function judge(zone, request) {
  if (zone.kind === 'portal') return judgePortal(request);
  return zone.kind === 'hub' ? judgeHub(request) : judgeWorkspace(zone, request);
}

// Judges the opening of a WebSocket: kernels and events of one's own workspace only.
export function judgeSocket(zone, { path }) {
  const [, person, project, rest = ''] = (zone.kind === 'workspace' && SERVER.exec(path)) || [];
  const open = person !== undefined && person === zone.person && matches(CHANNELS, rest);
  return open ? yes({ person, project }) : no('front_door.websocket.closed');
}
