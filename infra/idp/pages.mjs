// Owns the provider's few pages: sign in, sign out, signed out, a problem. Plain English, no script, nothing from elsewhere.
// Must never put a value into a page without escaping it.
const CLIENTS = { portal: 'the portal', jupyterhub: 'the workspaces' };

export const escapeHtml = (text) => String(text).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

export function page(title, body) {
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)} - Demo sign-in</title>
<link rel="stylesheet" href="/assets/idp.css">
<link rel="icon" href="data:,">
</head>
<body>
<header><p class="name">Demo sign-in</p></header>
<main>
<h1>${escapeHtml(title)}</h1>
${body}
</main>
<footer><p>This provider belongs to the demonstration and serves made-up people on this machine only.</p></footer>
</body>
</html>
`;
}

function card(person) {
  const about = `about-${escapeHtml(person.sub)}`;
  return `<li class="card">
<button type="submit" name="sub" value="${escapeHtml(person.sub)}" aria-describedby="${about}">${escapeHtml(person.name)}</button>
<div id="${about}">
<p class="role">${escapeHtml(person.role)}</p>
<p>${escapeHtml(person.try)}</p>
<p class="factors">Signs in with ${person.factors > 1 ? 'two factors' : 'one factor only'}</p>
</div>
</li>`;
}

// The sign-in page: one button for each person.
export function signInPage({ persons, clientId, uid }) {
  return page('Choose who you are', `<p>You are signing in to ${escapeHtml(CLIENTS[clientId] ?? clientId)}. Nobody here is real and
there are no passwords: press a name and act as that person.</p>
<form method="post" action="/interaction/${escapeHtml(uid)}">
<ul class="cards">
${persons.map(card).join('\n')}
</ul>
</form>`);
}

// The one question before signing out; `form` is the provider's own form with its protection against forgery.
export function signOutPage(form) {
  return page('Sign out?', `${form}
<p>This ends your sign-in here, so that the next person on this machine has to choose a name again.</p>
<p><button type="submit" form="op.logoutForm" name="logout" value="yes" autofocus>Sign out</button></p>`);
}

export function signedOutPage(portal) {
  return page('You are signed out', `<p><a href="${escapeHtml(portal)}/">Go back to the portal</a></p>`);
}

// A problem in words; `code` is the protocol's short name for it.
export function problemPage({ code, sentence, portal }) {
  return page('You could not be signed in', `<p>${escapeHtml(sentence)}</p>
<p><a href="${escapeHtml(portal)}/">Go back to the portal and sign in again</a></p>
<p class="code">${escapeHtml(code)}</p>`);
}
