package io.eckermann.statemachine.access;

import io.eckermann.protocol.v1.Rules;
import io.eckermann.statemachine.AccessState;
import io.eckermann.statemachine.storage.Family;
import io.eckermann.statemachine.storage.RowParser;
import io.eckermann.statemachine.storage.RowReader;
import io.eckermann.statemachine.storage.StoreBatch;
import io.eckermann.statemachine.store.v1.AccessKeyRow;
import io.eckermann.statemachine.store.v1.RulesRow;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Keys by id, and rules by subject. */
public final class AccessTable {
    private static final byte[] KEYS = {0};
    private static final byte[] RULES = {1};
    private static final byte[] END = {2};

    private AccessTable() {}

    /** All of them. */
    public static AccessState all(RowReader rows) {
        return new AccessState(keys(rows), rules(rows));
    }

    static List<AccessKeyRow> keys(RowReader rows) {
        List<AccessKeyRow> keys = new ArrayList<>();
        rows.ascend(Family.ACCESS, KEYS, RULES, (key, row) -> {
            keys.add(RowParser.parse(AccessKeyRow.parser(), row));
            return true;
        });
        return keys;
    }

    static List<Rules> rules(RowReader rows) {
        List<Rules> rules = new ArrayList<>();
        rows.ascend(Family.ACCESS, RULES, END, (key, row) -> {
            rules.add(RowParser.parse(RulesRow.parser(), row).getRules());
            return true;
        });
        return rules;
    }

    static boolean hasKey(RowReader rows, String id) {
        return rows.find(Family.ACCESS, key(KEYS, id)) != null;
    }

    static void putKey(StoreBatch batch, AccessKeyRow row) {
        batch.put(Family.ACCESS, key(KEYS, row.getKey().getId()), row.toByteArray());
    }

    static void deleteKey(StoreBatch batch, String id) {
        batch.delete(Family.ACCESS, key(KEYS, id));
    }

    /** What is said of the subject; an empty message when nothing is. */
    static Rules rules(RowReader rows, String subject) {
        byte[] row = rows.find(Family.ACCESS, key(RULES, subject));
        return row == null
                ? Rules.newBuilder().setSubject(subject).build()
                : RowParser.parse(RulesRow.parser(), row).getRules();
    }

    /** Rules that say nothing are none. */
    static void putRules(StoreBatch batch, Rules rules) {
        byte[] key = key(RULES, rules.getSubject());
        if (rules.getAllowCount() == 0 && rules.getRolesCount() == 0 && !rules.hasQuota()) {
            batch.delete(Family.ACCESS, key);
        } else {
            batch.put(
                    Family.ACCESS,
                    key,
                    RulesRow.newBuilder().setRules(rules).build().toByteArray());
        }
    }

    private static byte[] key(byte[] kind, String name) {
        byte[] text = name.getBytes(StandardCharsets.UTF_8);
        byte[] key = new byte[kind.length + text.length];
        key[0] = kind[0];
        System.arraycopy(text, 0, key, kind.length, text.length);
        return key;
    }
}
