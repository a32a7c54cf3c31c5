package io.eckermann.gateway.node;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** The part of the table of {@link Settings} that says who gets in, and how connections are encrypted. */
final class SecuritySettings {
    private static final List<Setting<?>> TABLE = new ArrayList<>();

    static final Setting<String> TLS_CERTIFICATE = setting(
            "tls.certificate",
            "path",
            "",
            text -> text,
            "PEM file with this node's certificate and those up to the authority; empty: everything goes in plain text."
                    + " The three files are read anew when they change.");
    static final Setting<String> TLS_KEY = setting(
            "tls.key", "path", "", text -> text, "PEM file with its private key, in PKCS#8 without a password.");
    static final Setting<String> TLS_AUTHORITIES = setting(
            "tls.authorities",
            "path",
            "",
            text -> text,
            "PEM file with the certificates of those who vouch for nodes and clients. Nodes always check each other; a"
                    + " node's certificate is for the hosts of its addresses in `nodes`.");
    static final Setting<Boolean> TLS_CLIENT_CERTIFICATES = setting(
            "tls.client-certificates",
            "`true` or `false`",
            "false",
            Settings::flag,
            "Whether clients of both doors must show a certificate too.");
    static final Setting<Boolean> ENABLED = setting(
            "security.enabled",
            "`true` or `false`",
            "false",
            Settings::flag,
            "Whether callers must show who they are, and may only what rules allow them ([security.md](security.md));"
                    + " false: everybody may do everything. The same at all nodes. Needs the `tls` settings.");
    static final Setting<Boolean> PLAIN_TEXT = setting(
            "security.allow-plain-text",
            "`true` or `false`",
            "false",
            Settings::flag,
            "Whether `security.enabled` is fine without `tls`: only where something else encrypts all three ports, and lets"
                    + " nobody but nodes to the Raft port and to what nodes say to each other at the gRPC port.");

    static final Setting<String> OIDC_ISSUER = setting(
            "security.oidc.issuer",
            "address",
            "",
            text -> text,
            "Whose JSON Web Tokens are taken, found by OpenID Connect discovery: an https address exactly as it is in the"
                    + " tokens; http on this machine alone. Empty: none are.");
    static final Setting<String> OIDC_AUDIENCE = setting(
            "security.oidc.audience",
            "name",
            "",
            text -> text,
            "Whom tokens must be meant for; needed with an issuer.");
    static final Setting<String> OIDC_ROLES = setting(
            "security.oidc.roles-claim",
            "name",
            "roles",
            text -> text,
            "Where a token names the roles of its subject: a list, or a text with spaces between them. Dots lead into objects,"
                    + " as in `realm_access.roles`.");
    static final Setting<Set<String>> OIDC_ALGORITHMS = setting(
            "security.oidc.algorithms",
            "names",
            "RS256,PS256,ES256",
            SecuritySettings::algorithms,
            "By which of RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512 tokens may be signed.");
    static final Setting<Duration> OIDC_SKEW = setting(
            "security.oidc.clock-skew",
            "duration",
            "30s",
            Durations::parse,
            "By how much the issuer's clock may differ from the node's.");
    static final Setting<String> OIDC_AUTHORITIES = setting(
            "security.oidc.authorities",
            "path",
            "",
            text -> text,
            "PEM file with the certificates of those who vouch for the issuer's server; empty: whom Java trusts.");

    static final List<Setting<?>> ALL = List.copyOf(TABLE);

    private SecuritySettings() {}

    private static Set<String> algorithms(String text) {
        Set<String> named = Set.of(text.strip().split("\\s*,\\s*"));
        for (String name : named) {
            if (!name.matches("(RS|PS|ES)(256|384|512)")) {
                throw new IllegalArgumentException(
                        "'" + name + "' is none of RS256 … RS512, PS256 … PS512, ES256 … ES512");
            }
        }
        return named;
    }

    private static <T> Setting<T> setting(
            String key, String type, String defaultText, Function<String, T> parse, String description) {
        Setting<T> setting = new Setting<>(key, type, defaultText, parse, description);
        TABLE.add(setting);
        return setting;
    }
}
