// Owns which name leads where: the portal, the hub, or one person's workspaces. Must never guess: an unknown name is nobody's.
const PERSON = /^[a-z][a-z0-9-]{0,39}$/; // as tre/kernel/ids.py has it: a person id is a host name label

// Returns a function from a Host header to { kind, origin, person? } or undefined.
export function zonesOf({ portal, hub }) {
  const portalHost = new URL(portal).host;
  const { host: hubHost, protocol } = new URL(hub);
  return (host) => {
    if (host === portalHost) return { kind: 'portal', origin: portal };
    if (host === hubHost) return { kind: 'hub', origin: hub };
    if (!host?.endsWith(`.${hubHost}`)) return undefined;
    const person = host.slice(0, -hubHost.length - 1);
    return PERSON.test(person) ? { kind: 'workspace', origin: `${protocol}//${host}`, person } : undefined;
  };
}
