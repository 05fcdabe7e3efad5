"""Owns the short list of routes that ask the policy nothing, each with its reason. Must never grow without one.

An architecture test crawls the application: a route is either here, or answers nothing to whoever is not signed in.
"""

PUBLIC: dict[str, str] = {
    "/": "the front page; the cards for a signed-in person come from guarded services",
    "/auth/login": "nobody is signed in yet: leads to the provider",
    "/auth/callback": "nobody is signed in yet: comes back from the provider, which vouches or not",
    "/auth/logout": "signing out must work even when the policy server does not",
    "/auth/after-hub-logout": "part of signing out; acts only on a session that has just ended",
    "/healthz": "asked by the supervisor and the front door; tells only that the process runs",
    "/readyz": "asked by the supervisor; tells which part is missing",
    "/health": "people who cannot sign in must be able to see why",
    "/api/v1/openapi.json": "how the API is called; holds no data",
    "/api/v1/terms": "what every researcher signs is for everybody to read",
    "/assets": "style, scripts and icons",
    "/register": "the public register shows who uses data",
    "/register/{project_id}": "the public register shows who uses data",
    "/register.csv": "the public register, to download",
    "/register.json": "the public register, to download",
    "/register.xml": "the public register, as a feed",
    "/api/v1/register": "the public register, for programs",
    "/api/v1/register/{project_id}": "the public register, for programs",
    "/data": "the catalogue describes datasets; it holds no row of them",
    "/data/{dataset_id}": "the catalogue describes datasets; it holds no row of them",
    "/data/{dataset_id}/{table}": "the catalogue describes tables and columns; counts are rounded, small ones withheld",
    "/data.jsonld": "the catalogue, for machines that gather catalogues",
    "/api/v1/data": "the catalogue, for programs",
    "/api/v1/data/search": "the catalogue, for programs",
    "/api/v1/data/{dataset_id}": "the catalogue, for programs",
    "/api/v1/data/{dataset_id}/{table}": "the catalogue, for programs",
    "/how-it-is-kept-safe": "for the public",
    "/your-data": "for the public",
    "/your-choices": "for the public",
}
