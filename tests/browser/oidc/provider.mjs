// A company's log-in: the certified OpenID provider, which lets anybody in under any name.
import { Provider } from "oidc-provider";

const [port, redirect, secret] = process.argv.slice(2);
const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [
    { client_id: "seatrial", client_secret: secret, redirect_uris: [redirect], response_types: ["code"] },
  ],
  claims: { openid: ["sub"], email: ["email"] },
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, email: id }) }),
  cookies: { keys: ["only for a test"] },
  features: { devInteractions: { enabled: true } },
  pkce: { required: () => false },
});
provider.listen(Number(port), "127.0.0.1");
