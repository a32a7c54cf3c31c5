package io.eckermann.gateway.node;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Collects the text of every key from default, file, environment and {@code --set}; the later one wins. */
final class SettingSources {
    /** Variables of that prefix which are not keys: what Kubernetes sets for a service, and what the command line reads. */
    private static final Pattern NOT_KEYS =
            Pattern.compile("ECKERMANN_(SERVICE_HOST|SERVICE_PORT.*|PORT|PORT_.*|.*_SERVICE_(HOST|PORT.*)|.*_PORT_.*"
                    + "|DATA|ENDPOINTS|TLS_CA|TLS_CERT|TLS_CERT_KEY|NODE_OPTS|NODE_OPTS_FILE|NO_BUILD)");

    /** What Kubernetes sets for a service's port, also for one whose variable is named like a key. */
    private static final Pattern SERVICE_ADDRESS = Pattern.compile("(tcp|udp)://.*");

    private static final ObjectMapper YAML =
            new YAMLMapper().enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);

    private static final Map<String, Setting<?>> BY_KEY =
            Settings.ALL.stream().collect(Collectors.toMap(Setting::key, setting -> setting));
    private static final Map<String, Setting<?>> BY_ENVIRONMENT =
            Settings.ALL.stream().collect(Collectors.toMap(Setting::environmentName, setting -> setting));

    private final Map<String, Value> values = new LinkedHashMap<>();
    private final List<String> problems = new ArrayList<>();

    /** A key's text and where it came from. */
    record Value(String text, String origin) {}

    SettingSources() {
        Settings.ALL.forEach(setting -> values.put(setting.key(), new Value(setting.defaultText(), "default")));
    }

    Map<String, Value> values() {
        return values;
    }

    /** What was wrong so far, one sentence each. */
    List<String> problems() {
        return problems;
    }

    void addFile(@Nullable Path file) {
        if (file == null) {
            return;
        }
        try {
            JsonNode root = YAML.readTree(Files.readString(file));
            if (root == null || root.isMissingNode() || root.isNull()) {
                return;
            }
            if (!root.isObject()) {
                problems.add("The configuration file " + file + " must hold keys and values.");
                return;
            }
            addNode("", root, "file " + file);
        } catch (JsonProcessingException e) {
            int line = e.getLocation() == null ? 0 : e.getLocation().getLineNr();
            problems.add("The configuration file " + file + " is not YAML (line " + line + "): "
                    + String.valueOf(e.getOriginalMessage()).lines().findFirst().orElse("") + ".");
        } catch (IOException e) {
            problems.add("The configuration file " + file + " can't be read: " + e + ".");
        }
    }

    private void addNode(String prefix, JsonNode node, String origin) {
        node.properties().forEach(property -> {
            String key = prefix + property.getKey();
            JsonNode value = property.getValue();
            if (value.isObject() && !BY_KEY.containsKey(key)) {
                addNode(key + ".", value, origin);
            } else {
                // JSON is YAML too: a list keeps its form as text until its setting parses it.
                add(key, value.isContainerNode() ? value.toString() : value.isNull() ? "" : value.asText(), origin);
            }
        });
    }

    void addEnvironment(Map<String, String> environment) {
        new TreeMap<>(environment).forEach((name, text) -> {
            if (!name.startsWith(Setting.ENVIRONMENT_PREFIX)
                    || SERVICE_ADDRESS.matcher(text).matches()) {
                return;
            }
            Setting<?> setting = BY_ENVIRONMENT.get(name);
            if (setting != null) {
                values.put(setting.key(), new Value(text, "env " + name));
            } else if (!NOT_KEYS.matcher(name).matches()) {
                problems.add("The environment variable " + name + " is no key; did you mean "
                        + nearest(name, List.copyOf(BY_ENVIRONMENT.keySet())) + "?");
            }
        });
    }

    /** Adds {@code key=value} assignments. */
    void addAssignments(List<String> assignments) {
        for (String assignment : assignments) {
            int equals = assignment.indexOf('=');
            if (equals < 1) {
                problems.add("--set takes key=value, not '" + assignment + "'.");
            } else {
                add(assignment.substring(0, equals).strip(), assignment.substring(equals + 1), "--set");
            }
        }
    }

    private void add(String key, String text, String origin) {
        if (BY_KEY.containsKey(key)) {
            values.put(key, new Value(text, origin));
        } else {
            problems.add("Unknown key '" + key + "' (" + origin + "); did you mean '"
                    + nearest(key, List.copyOf(BY_KEY.keySet())) + "'?");
        }
    }

    private static String nearest(String wrong, List<String> known) {
        return known.stream()
                .min(Comparator.<String>comparingInt(key -> distance(wrong, key))
                        .thenComparing(key -> key))
                .orElseThrow();
    }

    /** How many letters to add, drop or change (Levenshtein). */
    static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(change, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
