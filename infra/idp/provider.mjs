// Owns how the certified oidc-provider library is set up: two clients of our own, PKCE always, and claims that say how many
// factors a person used. Must never hold a role: roles live in the TRE's own database.
import { Provider, interactionPolicy } from 'oidc-provider';
import { escapeHtml, problemPage, signedOutPage, signOutPage } from './pages.mjs';

export const MFA = 'urn:tre:mfa';
export const PASSWORD_ONLY = 'urn:tre:pwd';
const HOUR = 3600;
const SCOPES = 'openid profile email';

function client({ id, secret, callback, afterSignOut }) {
  return {
    client_id: id, client_secret: secret, redirect_uris: [callback], post_logout_redirect_uris: [afterSignOut],
    response_types: ['code'], grant_types: ['authorization_code'],
    token_endpoint_auth_method: 'client_secret_basic', id_token_signed_response_alg: 'RS256',
  };
}

function accountOf(person) {
  const claims = { sub: person.sub, name: person.name, preferred_username: person.sub,
    email: `${person.sub}@demo.invalid`, email_verified: true };
  return { accountId: person.sub, claims: () => claims };
}

// How a person signed in: what the client learns as acr and amr.
export function signInOf(person) {
  const strong = person.factors > 1;
  return { accountId: person.sub, remember: false,
    acr: strong ? MFA : PASSWORD_ONLY, amr: strong ? ['pwd', 'otp', 'mfa'] : ['pwd'] };
}

// Somebody signed in with one factor only is asked again who they are, instead of being sent back and refused for ever.
function askAgainWithoutSecondFactor() {
  const policy = interactionPolicy.base();
  const weak = ({ oidc }) => (!oidc.result?.login && oidc.session.accountId && oidc.session.acr !== MFA
    && (oidc.params.acr_values ?? '').split(' ').includes(MFA));
  policy.get('login').checks.add(new interactionPolicy.Check(
    'second_factor_missing', 'A second factor is asked for', 'login_required',
    (ctx) => (weak(ctx) ? interactionPolicy.Check.REQUEST_PROMPT : interactionPolicy.Check.NO_NEED_TO_PROMPT)));
  return policy;
}

// Both clients are our own: no page that asks for consent.
async function grantFor(ctx, provider) {
  const { client: asking, session } = ctx.oidc;
  const known = session.grantIdFor(asking.clientId);
  const kept = known && await provider.Grant.find(known);
  if (kept) return kept;
  const grant = new provider.Grant({ clientId: asking.clientId, accountId: session.accountId });
  grant.addOIDCScope(SCOPES);
  await grant.save();
  return grant;
}

function pagesFor(portal) {
  const send = (ctx, html) => { ctx.type = 'html'; ctx.body = html; };
  return {
    renderError: (ctx, out) => send(ctx, problemPage({ code: out.error, portal,
      sentence: out.error_description ?? 'The sign-in could not be finished.' })),
    rpInitiatedLogout: {
      enabled: true,
      logoutSource: (ctx, form) => send(ctx, signOutPage(form)),
      postLogoutSuccessSource: (ctx) => send(ctx, signedOutPage(portal)),
    },
  };
}

// Returns the provider; `settings` from settings.mjs, `keys` from keys.mjs, `persons` from persons.json.
export function buildProvider({ settings, keys, persons }) {
  const { portal, hub } = settings;
  const pages = pagesFor(portal);
  const provider = new Provider(settings.issuer, {
    clients: [
      client({ id: 'portal', secret: settings.portalSecret, callback: `${portal}/auth/callback`, afterSignOut: `${portal}/` }),
      client({ id: 'jupyterhub', secret: settings.hubSecret, callback: `${hub}/workspaces/hub/oauth_callback`, afterSignOut: `${portal}/` }),
    ],
    jwks: { keys: [keys.signing] },
    cookies: { keys: keys.cookies, names: { session: 'tre_idp', interaction: 'tre_idp_interaction', resume: 'tre_idp_resume' } },
    pkce: { required: () => true },
    responseTypes: ['code'],
    enabledJWA: { idTokenSigningAlgValues: ['RS256'] },
    conformIdTokenClaims: false, // name and e-mail also in the id_token: the hub reads nothing else
    claims: { openid: ['sub', 'acr', 'amr', 'auth_time'], profile: ['name', 'preferred_username'],
      email: ['email', 'email_verified'], acr: null, auth_time: null, sid: null, iss: null },
    acrValues: [MFA, PASSWORD_ONLY],
    features: { devInteractions: { enabled: false }, revocation: { enabled: true }, rpInitiatedLogout: pages.rpInitiatedLogout },
    interactions: { policy: askAgainWithoutSecondFactor(), url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
    ttl: { Session: 8 * HOUR, Interaction: 900, AccessToken: 600, IdToken: 600, AuthorizationCode: 60, Grant: 8 * HOUR },
    findAccount: async (_ctx, sub) => { const person = persons.find((one) => one.sub === sub); return person && accountOf(person); },
    loadExistingGrant: (ctx) => grantFor(ctx, provider),
    renderError: pages.renderError,
  });
  for (const event of ['server_error', 'authorization.error', 'grant.error']) {
    provider.on(event, (_ctx, error) => console.error(event, escapeHtml(error.message), escapeHtml(error.error_description ?? '')));
  }
  return provider;
}
