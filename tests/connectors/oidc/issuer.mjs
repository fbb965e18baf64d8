// An issuer of tokens for services: the certified OpenID provider, with the clients it is given.
import { Provider, errors } from "oidc-provider";

const [port, given] = process.argv.slice(2);
const { clients, seconds } = JSON.parse(given);
const api = { scope: "orders.read orders.write", audience: "urn:shop", accessTokenFormat: "jwt" };
const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: clients.map((one) => ({
    redirect_uris: [],
    response_types: [],
    grant_types: ["client_credentials"],
    scope: "orders.read",
    ...one,
  })),
  scopes: ["openid", "offline_access", "orders.read", "orders.write"],
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
  rotateRefreshToken: true,
  clientAuthMethods: ["client_secret_basic", "client_secret_post", "private_key_jwt", "none"],
  features: {
    clientCredentials: { enabled: true },
    introspection: { enabled: true, allowedPolicy: () => true },
    devInteractions: { enabled: false },
    resourceIndicators: {
      enabled: true,
      getResourceServerInfo: (_, name) => {
        if (name !== "urn:shop") throw new errors.InvalidTarget();
        return api;
      },
    },
  },
  cookies: { keys: ["only for a test"] },
  ttl: { ClientCredentials: seconds, AccessToken: seconds },
});
// What a person's log-in would have left: a refresh token of each client that may have one.
for (const { client_id: clientId, grant_types: grants } of clients) {
  if (!grants?.includes("refresh_token")) continue;
  const grant = new provider.Grant({ accountId: "ada", clientId });
  grant.addOIDCScope("openid offline_access");
  const token = new provider.RefreshToken({
    accountId: "ada",
    client: await provider.Client.find(clientId),
    grantId: await grant.save(),
    gty: "authorization_code",
    scope: "openid offline_access",
  });
  console.log(`${clientId} ${await token.save()}`);
}
provider.on("server_error", (_, error) => console.error(error));
provider.listen(Number(port), "127.0.0.1");
