package io.eckermann.client.cli;

import io.eckermann.client.Query;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Reads one item of a query as words: {@code type=A,B tag=x tag=y}, an event of type A or B that has both tags;
 * {@code any}: every event. A backslash takes the meaning from a space, a comma or a backslash behind it.
 */
final class MatchConverter implements ITypeConverter<Query> {
    static final String SYNTAX = "'type=A,B tag=x tag=y' (of type A or B and with both tags), or any";

    private static final String ANY = "any";
    private static final String TYPE = "type=";
    private static final String TAG = "tag=";
    private static final Pattern WORD = Pattern.compile("(?:\\\\.|\\S)+");
    private static final Pattern TYPE_NAME = Pattern.compile("(?:\\\\.|[^,])+");

    @Override
    public Query convert(String text) {
        if (text.strip().equals(ANY)) {
            return Query.ALL;
        }
        List<String> types = new ArrayList<>();
        List<String> tags = new ArrayList<>();
        for (String word : all(WORD, text)) {
            if (word.startsWith(TYPE) && word.length() > TYPE.length()) {
                all(TYPE_NAME, word.substring(TYPE.length())).forEach(type -> types.add(plain(type)));
            } else if (word.startsWith(TAG) && word.length() > TAG.length()) {
                tags.add(plain(word.substring(TAG.length())));
            } else {
                throw new TypeConversionException("'" + word + "' is neither type=… nor tag=…: write " + SYNTAX);
            }
        }
        if (types.isEmpty() && tags.isEmpty()) {
            throw new TypeConversionException("it says neither type nor tag: write " + SYNTAX);
        }
        return Query.types(types.toArray(String[]::new)).tags(tags.toArray(String[]::new));
    }

    private static List<String> all(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(MatchResult::group).toList();
    }

    private static String plain(String text) {
        return text.replaceAll("\\\\(.)", "$1");
    }
}
