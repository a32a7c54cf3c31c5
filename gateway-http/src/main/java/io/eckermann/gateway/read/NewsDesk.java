package io.eckermann.gateway.read;

import io.eckermann.statemachine.HeadSignal;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.LongFunction;

/** Where readers wait for news: it listens once per topic, however many wait. Safe from any thread. */
final class NewsDesk {
    private final LongFunction<HeadSignal> heads;
    private final Executor reads;
    private final ScheduledExecutorService timer;
    private final Map<Long, TopicNews> topics = new ConcurrentHashMap<>();

    /**
     * @param heads tells of a topic
     * @param reads where those who are woken go on
     */
    NewsDesk(LongFunction<HeadSignal> heads, Executor reads, ScheduledExecutorService timer) {
        this.heads = heads;
        this.reads = reads;
        this.timer = timer;
    }

    /** Listens to the topic until it is closed. */
    NewsWait listen(long topicId) {
        TopicNews news = topics.compute(topicId, (id, known) -> {
            TopicNews used = known == null ? new TopicNews(heads.apply(id), id, reads) : known;
            used.readers++;
            return used;
        });
        return new NewsWait(news, timer, () -> leave(topicId));
    }

    private void leave(long topicId) {
        topics.computeIfPresent(topicId, (id, news) -> {
            news.readers--;
            if (news.readers > 0) {
                return news;
            }
            news.close();
            return null;
        });
    }

    /** How many topics are listened to. */
    int topics() {
        return topics.size();
    }
}
