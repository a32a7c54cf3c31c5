package io.eckermann.gateway.schemas;

import io.eckermann.statemachine.ReadView;
import io.eckermann.statemachine.SchemaState;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Compiled schemas, those that were used lately: a version never changes, so neither does its check. Bounded in number
 * and in what the schemas themselves take. Safe from any thread; one that is not known is compiled on the caller's.
 */
final class CompiledSchemas {
    private static final int KEPT_MAX = 1_000;
    private static final long KEPT_BYTES_MAX = 8 << 20;

    private record Name(long topicId, String type, int version) {}

    private record Kept(PayloadCheck check, int bytes) {}

    /** Those used last come last. */
    private final Map<Name, Kept> kept = new LinkedHashMap<>(16, 0.75f, true);

    private long keptBytes;

    /** The check of one version; null when the topic has no such schema. */
    @Nullable
    PayloadCheck find(ReadView view, long topicId, String type, int version) {
        Name name = new Name(topicId, type, version);
        synchronized (this) {
            Kept known = kept.get(name);
            if (known != null) {
                return known.check();
            }
        }
        SchemaState schema = view.schema(topicId, type, version).orElse(null);
        if (schema == null) {
            return null;
        }
        PayloadCheck check = SchemaCompiler.compile(schema.format(), schema.content(), schema.message());
        keep(name, new Kept(check, schema.sizeBytes()));
        return check;
    }

    private synchronized void keep(Name name, Kept compiled) {
        Kept before = kept.put(name, compiled);
        keptBytes += compiled.bytes() - (before == null ? 0 : before.bytes());
        var eldest = kept.entrySet().iterator();
        while (kept.size() > KEPT_MAX || (keptBytes > KEPT_BYTES_MAX && kept.size() > 1)) {
            keptBytes -= eldest.next().getValue().bytes();
            eldest.remove();
        }
    }

    synchronized int size() {
        return kept.size();
    }
}
