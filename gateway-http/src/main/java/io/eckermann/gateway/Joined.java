package io.eckermann.gateway;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/** What several shards answered, in one order. */
public final class Joined {
    private Joined() {}

    /** Puts lists that are in the order of topics' names, by their bytes, together in that order; a topic's own order stays. */
    public static <T> List<T> byTopic(List<? extends List<T>> lists, Function<T, String> topic) {
        if (lists.size() == 1) {
            return lists.get(0);
        }
        List<T> all = new ArrayList<>();
        lists.stream().flatMap(Collection::stream).forEach(all::add);
        all.sort(Comparator.comparing(
                each -> topic.apply(each).getBytes(StandardCharsets.UTF_8), Arrays::compareUnsigned));
        return all;
    }
}
